import { createHash, randomBytes } from 'node:crypto';
import type { AuditRecord } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createDpopClient } from './support/dpop-client.ts';
import { metadataUrl } from './support/expect-refusal.ts';
import { openGuard, type Call, type Guard, type Sent } from './support/guard.ts';
import type { HeaderValue } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

// What counts of a certificate here are its bytes: the proxy that ended the TLS connection has judged it.
const certificate = randomBytes(900);
const another = randomBytes(900);
const byteSequence = (bytes: Uint8Array): string => `:${Buffer.from(bytes).toString('base64')}:`;

const guards: Guard[] = [];
afterAll(async () => {
  await Promise.all(guards.map((guard) => guard.close()));
});

async function open(config: Record<string, unknown>): Promise<Guard> {
  const guard = await openGuard({ config });
  guards.push(guard);
  return guard;
}

/** The records of decisions on these requests. */
function decisionsOn(guard: Guard, sent: readonly Sent[]): AuditRecord[] {
  const names = new Set(sent.map(({ userAgent }) => userAgent));
  return guard.target
    .records()
    .filter(({ source, decision }) => decision !== undefined && names.has(source?.userAgent ?? ''));
}

async function boundCall(guard: Guard, headers: Record<string, HeaderValue>): Promise<Call> {
  const token = await guard.token({ subject: 'bound', scopes: ['echo:call'], boundTo: certificate });
  return { token, headers };
}

describe('behind a trusted proxy that passes on the client certificate', () => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await open({ clientCertificate: {}, network: { trustedProxies: ['127.0.0.1'] } });
  });

  verifies(
    'TOKEN-8705-MATCH',
    'a token bound to that certificate is served, and recorded as proven with it',
    async () => {
      const sent = await guard.expectAnswered(await boundCall(guard, { 'client-cert': byteSequence(certificate) }));
      const records = decisionsOn(guard, sent);
      expect(records.map(({ actor }) => actor?.proof)).toEqual(['mtls', 'mtls']);
    },
  );

  verifies(
    ['TOKEN-8705-MATCH', 'TOKEN-8705-ERROR'],
    'it is refused with no certificate and with another one (E-33)',
    async () => {
      await guard.expectRefused('binding_mismatch', await boundCall(guard, {}));
      await guard.expectRefused('binding_mismatch', await boundCall(guard, { 'client-cert': byteSequence(another) }));
    },
  );

  verifies('TOKEN-8705-MATCH', 'it is refused when the thumbprint is in another form (E-33)', async () => {
    for (const form of ['hex', 'base64'] as const) {
      const token = await guard.token({
        claims: { cnf: { 'x5t#S256': createHash('sha256').update(certificate).digest(form) } },
      });
      await guard.expectRefused('binding_mismatch', { token, headers: { 'client-cert': byteSequence(certificate) } });
    }
  });

  const malformed: Record<string, HeaderValue> = {
    'two lines': [byteSequence(certificate), byteSequence(certificate)],
    'a list': `${byteSequence(certificate)}, ${byteSequence(certificate)}`,
    'bare Base64': certificate.toString('base64'),
    hexadecimal: certificate.toString('hex'),
    PEM: `-----BEGIN CERTIFICATE----- ${certificate.toString('base64')} -----END CERTIFICATE-----`,
    'escaped PEM': `-----BEGIN%20CERTIFICATE-----%0A${certificate.toString('base64url')}`,
    parameters: `${byteSequence(certificate)};a=1`,
    nothing: '',
  };
  for (const [what, value] of Object.entries(malformed)) {
    verifies('TOKEN-9440-FORM', `it is refused when the header is ${what} (E-35)`, async () => {
      await guard.expectRefused('binding_mismatch', await boundCall(guard, { 'client-cert': value }));
    });
  }

  verifies(
    'TOKEN-9440-TRUSTED',
    'it is refused when the certificate is named in another header than the configured one (E-34)',
    async () => {
      const headers = {
        'x-client-cert': byteSequence(certificate),
        'x-forwarded-client-cert': `Cert="${certificate.toString('base64url')}"`,
      };
      const records = await guard.expectRefused('untrusted_header', await boundCall(guard, headers));
      for (const { detail } of records)
        expect(detail).toMatchObject({ untrusted_header: ['x-client-cert', 'x-forwarded-client-cert'] });
    },
  );

  verifies(
    'TOKEN-8705-MATCH',
    'a plain token is served with any certificate or none, and is not recorded as proven',
    async () => {
      for (const value of [undefined, byteSequence(certificate), 'garbage']) {
        const sent = await guard.expectAnswered({ headers: { 'client-cert': value } });
        const records = decisionsOn(guard, sent);
        expect(records.map(({ actor, detail }) => [actor?.proof, detail])).toEqual([
          ['jwt', undefined],
          ['jwt', undefined],
        ]);
      }
    },
  );

  verifies('TOKEN-9728-BINDING', 'the metadata says that such tokens are accepted', async () => {
    const document = await fetch(`${guard.target.origin}${new URL(metadataUrl).pathname}`);
    expect(await document.json()).toMatchObject({ tls_client_certificate_bound_access_tokens: true });
  });

  verifies('WALK-00-NO-SECRET', 'no token is in a record, a log line or an answer', () => guard.expectClean());
});

const untrusting: Record<string, Record<string, unknown>> = {
  'from a peer that is no trusted proxy': { clientCertificate: {}, network: { trustedProxies: ['10.0.0.1'] } },
  'where no certificate is believed': { network: { trustedProxies: ['127.0.0.1'] } },
};
for (const [where, config] of Object.entries(untrusting)) {
  describe(`the header with a certificate ${where}`, () => {
    let guard: Guard;
    beforeAll(async () => {
      guard = await open(config);
    });

    verifies('TOKEN-9440-TRUSTED', 'proves nothing, and the record says so (E-34, K-25)', async () => {
      const forwarded = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' };
      const headers = { 'client-cert': byteSequence(certificate), ...('clientCertificate' in config ? forwarded : {}) };
      for (const { detail } of await guard.expectRefused('untrusted_header', await boundCall(guard, headers)))
        expect(detail).toMatchObject({ untrusted_header: ['client-cert'] });
      await guard.expectRefused('binding_mismatch', await boundCall(guard, {}));
    });

    verifies('TOKEN-9440-TRUSTED', 'does not disturb a plain token, and is noted in its record', async () => {
      const sent = await guard.expectAnswered({ headers: { 'client-cert': byteSequence(certificate) } });
      const records = decisionsOn(guard, sent);
      expect(records).toHaveLength(2);
      for (const { detail, actor } of records) {
        expect(detail).toEqual({ untrusted_header: ['client-cert'] });
        expect(actor?.proof).toBe('jwt');
      }
    });

    verifies('WALK-00-NO-SECRET', 'no token is in a record, a log line or an answer', () => guard.expectClean());
  });
}

verifies(
  ['TOKEN-8705-MATCH', 'TOKEN-9449-KEY'],
  'a token bound to a certificate and to a DPoP key must be proven in both ways',
  async () => {
    const client = createDpopClient();
    const guard = await open({
      dpop: { mode: 'accept' },
      clientCertificate: { header: 'X-SSL-Cert' },
      network: { trustedProxies: ['127.0.0.1'] },
    });
    const { kty, crv, x, y } = client.jwk;
    const jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    const x5t = createHash('sha256').update(certificate).digest('base64url');
    const token = await guard.token({ scopes: ['echo:call'], claims: { cnf: { jkt, 'x5t#S256': x5t } } });
    const challenges = ['Bearer', 'DPoP error'] as const;
    const named = { 'x-ssl-cert': byteSequence(certificate) };
    await guard.expectAnswered({ headers: () => ({ ...client.headers(token), ...named }) });
    await guard.expectRefused('binding_mismatch', { headers: () => client.headers(token) }, { challenges });
    await guard.expectRefused(
      'binding_mismatch',
      { token, headers: named },
      { challenges: ['Bearer error', 'DPoP error'] },
    );
  },
);
