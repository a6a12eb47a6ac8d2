import type { DevFailure, MintOpaqueTokenOptions } from '@sallyport/dev-idp';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import { resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
let local: LocalIssuer;
beforeAll(async () => {
  local = await startLocalIssuer();
  guard = await openGuard({
    issuers: ({ issuer, clients }) => {
      const { clientId, clientSecret } = clients.resourceServer;
      return [
        { issuer: local.url },
        { issuer, tokens: 'auto', introspection: { clientId, clientSecret, cacheSeconds: 1 } },
      ];
    },
  });
});
afterAll(async () => {
  await guard.close();
  await local.close();
});

async function opaque(options: Partial<MintOpaqueTokenOptions> = {}): Promise<string> {
  const token = await guard.idp.mintOpaqueToken({ subject: 'opaque', scopes: ['echo:call'], resource, ...options });
  return guard.watch(token);
}

/** Asks again now and then: refusals by the hundred would be recorded as one. */
async function untilStatus(token: string, status: number): Promise<void> {
  while ((await guard.send({ token })).answer.status !== status) await delay(100);
}

describe('an opaque token', () => {
  verifies(
    ['TOKEN-7662-REQUEST', 'TOKEN-7662-BOUNDED'],
    'is asked about once and served many times, and recorded as proven by introspection (D-13, D-23)',
    async () => {
      const token = await opaque();
      const before = guard.idp.requests('introspection');
      const sent = await guard.expectAnswered({ token });
      expect(guard.idp.requests('introspection')).toBe(before + 1);
      const records = guard.target
        .records()
        .filter(
          ({ source, type }) =>
            type === 'mcp.decision' && sent.some(({ userAgent }) => userAgent === source?.userAgent),
        );
      expect(records.map(({ actor }) => [actor?.sub, actor?.proof])).toEqual([
        ['opaque', 'introspection'],
        ['opaque', 'introspection'],
      ]);
    },
  );

  verifies('TOKEN-7662-ACTIVE', 'that was never issued is 401 (D-01)', async () => {
    for (const token of ['never-issued', 'a.b.c', 'ya29.a0AfH6SMB', 'a.b.c.d.e', '~._-+/=='])
      await guard.expectRefused('inactive', { token: guard.watch(token) });
  });

  verifies('TOKEN-7662-CACHE', 'that was revoked is refused once the answer about it is too old (D-15)', async () => {
    const token = await opaque();
    await guard.expectAnswered({ token });
    await guard.idp.revokeToken(token);
    await untilStatus(token, 401);
    await guard.expectRefused('inactive', { token });
  });

  verifies('TOKEN-7662-CHECKED', 'for another resource is 401, though it is active (D-07)', async () => {
    await guard.expectRefused('aud_mismatch', { token: await opaque({ resource: 'https://other.example/mcp' }) });
  });

  verifies('TOKEN-7662-CHECKED', 'grants the scopes its issuer names, and no others (D-11)', async () => {
    await guard.expectRefused(
      'insufficient_scope',
      { token: await opaque({ scopes: ['notes:read'] }) },
      { scope: 'echo:call' },
    );
    await guard.expectRefused('insufficient_scope', { token: await opaque({ scopes: [] }) }, { scope: 'echo:call' });
  });
});

const failures: readonly [string, 'idp_unavailable' | 'idp_misconfigured', Omit<DevFailure, 'endpoint'>][] = [
  ['shows a page (D-03)', 'idp_unavailable', { mode: 'html' }],
  ['says active as text (D-03)', 'idp_unavailable', { mode: 'answer', body: '{"active":"true"}' }],
  ['says nothing (D-03)', 'idp_unavailable', { mode: 'answer', body: '' }],
  ['answers 500', 'idp_unavailable', { mode: 'status' }],
  ['does not know this server (D-05)', 'idp_misconfigured', { mode: 'status', status: 401 }],
  ['redirects', 'idp_misconfigured', { mode: 'redirect' }],
  ['refuses connections', 'idp_unavailable', { mode: 'down' }],
  ['asks for patience (D-06)', 'idp_unavailable', { mode: 'status', status: 429, headers: { 'retry-after': '2' } }],
];

describe('an issuer that is asked and', () => {
  for (const [name, reason, failure] of failures) {
    verifies(
      ['TOKEN-7662-NO-ANSWER', 'REFUSAL-NO-CHALLENGE-5XX'],
      `${name} makes it 503, never 401, and is asked again later`,
      async () => {
        const token = await opaque();
        guard.idp.fail({ endpoint: 'introspection', ...failure });
        try {
          await guard.expectRefused(reason, { token });
        } finally {
          guard.idp.heal();
        }
        await untilStatus(token, 200);
        await guard.expectAnswered({ token });
      },
    );
  }
});

describe('a server with JWTs and opaque tokens', () => {
  verifies(
    'TOKEN-ROUTING',
    'checks JWTs by their signature, of either issuer, and asks nobody about them (B-81)',
    async () => {
      const before = guard.idp.requests('introspection');
      await guard.expectAnswered({});
      await guard.expectAnswered({ token: guard.watch(local.sign()) });
      await guard.expectRefused('expired', { token: await guard.token({ expiresInSeconds: -100 }) });
      await guard.expectRefused('aud_mismatch', { token: guard.watch(local.sign({ aud: 'https://other.example' })) });
      await guard.expectRefused('key_not_found', {
        token: guard.watch(local.sign({ iss: guard.idp.issuer }, { alg: 'ES256' })),
      });
      await guard.expectRefused('iss_unknown', { token: guard.watch(local.sign({ iss: 'https://other.example' })) });
      expect(guard.idp.requests('introspection')).toBe(before);
    },
  );
});

describe('all of this', () => {
  verifies('WALK-00-NO-SECRET', 'left no token and no secret anywhere', async () => {
    guard.watch(guard.idp.clients.resourceServer.clientSecret);
    await guard.expectNextAnswered();
  });
});
