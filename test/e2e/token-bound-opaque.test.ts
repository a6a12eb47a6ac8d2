import { randomBytes } from 'node:crypto';
import type { MintOpaqueTokenOptions } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createDpopClient } from './support/dpop-client.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const client = createDpopClient();
const thief = createDpopClient();
const certificate = randomBytes(900);
const named = { 'client-cert': `:${certificate.toString('base64')}:` };

let guard: Guard;
let bound: string;
beforeAll(async () => {
  guard = await openGuard({
    config: { dpop: { mode: 'accept' }, clientCertificate: {}, network: { trustedProxies: ['127.0.0.1'] } },
    issuers: ({ issuer, clients }) => {
      const { clientId, clientSecret } = clients.resourceServer;
      return [{ issuer, tokens: 'auto', introspection: { clientId, clientSecret } }];
    },
  });
  bound = await opaque({ boundTo: client.jwk });
});
afterAll(() => guard.close());

async function opaque(options: Partial<MintOpaqueTokenOptions> = {}): Promise<string> {
  const token = await guard.idp.mintOpaqueToken({ subject: 'opaque', scopes: ['echo:call'], resource, ...options });
  return guard.watch(token);
}

const both = { challenges: ['Bearer', 'DPoP error'] } as const;
const downgraded = { challenges: ['Bearer error', 'DPoP error'] } as const;

describe('an opaque token that its issuer says is bound', () => {
  verifies(
    'TOKEN-9449-INTROSPECTION',
    'to a DPoP key is served with a proof, and recorded as proven (E-37)',
    async () => {
      const sent = await guard.expectAnswered({ headers: () => client.headers(bound) });
      const records = guard.target
        .records()
        .filter(
          ({ source, type }) =>
            type === 'mcp.decision' && sent.some(({ userAgent }) => userAgent === source?.userAgent),
        );
      expect(records.map(({ actor }) => actor?.proof)).toEqual(['dpop', 'dpop']);
    },
  );

  verifies('TOKEN-9449-INTROSPECTION', 'to a DPoP key is refused without it (E-37)', async () => {
    await guard.expectRefused('binding_mismatch', { token: bound }, downgraded);
    await guard.expectRefused('binding_mismatch', { headers: () => thief.headers(bound) }, both);
    const proofOnly = { challenges: ['DPoP error'] } as const;
    await guard.expectRefused(
      'dpop_ath',
      { headers: () => client.headers(bound, { claims: { ath: 'x' } }) },
      proofOnly,
    );
  });

  verifies('TOKEN-9449-INTROSPECTION', 'to nothing is refused in the DPoP scheme (E-03, E-37)', async () => {
    const token = await opaque();
    await guard.expectAnswered({ token });
    await guard.expectRefused('binding_mismatch', { headers: () => client.headers(token) }, both);
  });

  verifies('TOKEN-8705-INTROSPECTION', 'to a certificate is served with it and refused without it (E-37)', async () => {
    const token = await opaque({ boundTo: certificate });
    await guard.expectAnswered({ token, headers: named });
    await guard.expectRefused('binding_mismatch', { token }, downgraded);
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
