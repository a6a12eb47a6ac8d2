import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import type { AuditRecord } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard, type Sent } from './support/guard.ts';
import { legacy, send, type HeaderValue } from './support/mcp-request.ts';
import { defaultConfig, resource, spawnTarget } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let corp: DevIdp;
/** Configured, and the tests are the trusted proxy. */
let guard: Guard;
/** Configured, and the tests are somebody else. */
let outside: Guard;
/** Not configured. */
let off: Guard;

beforeAll(async () => {
  corp = await startDevIdp({ quiet: true, resources: [resource] });
  const enterpriseToken = { header: 'X-Enterprise-Token', issuer: corp.issuer };
  guard = await openGuard({ config: { enterpriseToken, network: { trustedProxies: ['127.0.0.1'] } } });
  outside = await openGuard({ config: { enterpriseToken, network: { trustedProxies: ['10.0.0.1'] } } });
  off = await openGuard({ config: { network: { trustedProxies: ['127.0.0.1'] } } });
});
afterAll(async () => {
  await Promise.all([guard, outside, off].map((one) => one?.close()));
  await corp.close();
});

/** A token of the company's issuer, as the proxy would send it. */
async function enterprise(at: Guard, changes: Parameters<DevIdp['mintToken']>[0] = {}): Promise<string> {
  return at.watch(await corp.mintToken({ subject: 'employee', resource, scopes: ['echo:call'], ...changes }));
}

const inHeader = (token: HeaderValue): Record<string, HeaderValue> => ({ 'x-enterprise-token': token });

function decisionsOn(at: Guard, sent: readonly Sent[]): AuditRecord[] {
  const names = new Set(sent.map(({ userAgent }) => userAgent));
  return at.target
    .records()
    .filter(({ source, decision }) => decision !== undefined && names.has(source?.userAgent ?? ''));
}

/** The answer of a request without a token, whatever the record says. */
const asNoToken = { contract: { code: 'ERR_TOKEN_NO_TOKEN', challenge: 'bare' } } as const;

describe('without being configured', () => {
  verifies('TOKEN-ENTERPRISE-OFF', 'a good enterprise token is ignored and noted (K-01)', async () => {
    const headers = inHeader(await enterprise(off));
    const records = await off.expectRefused('no_token', { token: null, headers });
    for (const { detail, actor } of records)
      expect({ detail, actor }).toEqual({ detail: { untrusted_header: ['x-enterprise-token'] } });
  });

  verifies('TOKEN-ENTERPRISE-OFF', 'it changes nothing beside an access token (K-01)', async () => {
    const sent = await off.expectAnswered({ headers: inHeader('x, y') });
    for (const { actor, detail } of decisionsOn(off, sent)) {
      expect(actor).toMatchObject({ sub: 'good', proof: 'jwt' });
      expect(detail).toEqual({ untrusted_header: ['x-enterprise-token'] });
    }
  });
});

describe('from anybody but a trusted proxy', () => {
  verifies('TOKEN-ENTERPRISE-PEER', 'it is ignored, and the record says why (K-02)', async () => {
    const headers = inHeader(await enterprise(outside));
    const records = await outside.expectRefused('untrusted_header', { token: null, headers }, asNoToken);
    for (const { detail } of records) expect(detail).toEqual({ untrusted_header: ['x-enterprise-token'] });
  });

  verifies('TOKEN-ENTERPRISE-PEER', 'a forwarding header makes nobody a trusted proxy (K-25)', async () => {
    const token = await enterprise(outside);
    for (const forwarded of [
      { 'x-forwarded-for': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1' },
      { 'x-real-ip': '10.0.0.1' },
    ]) {
      await outside.expectRefused(
        'untrusted_header',
        { token: null, headers: { ...inHeader(token), ...forwarded } },
        asNoToken,
      );
    }
  });

  verifies('TOKEN-ENTERPRISE-PEER', 'nor does the certificate of a gateway in a header (K-29)', async () => {
    const headers = { ...inHeader(await enterprise(outside)), 'x-forwarded-client-cert': 'URI=spiffe://corp/gateway' };
    await outside.expectRefused('untrusted_header', { token: null, headers }, asNoToken);
  });

  verifies(
    'TOKEN-ENTERPRISE-PEER',
    'an access token beside it counts alone, however malformed the header is (K-02)',
    async () => {
      for (const value of [await enterprise(outside), '', 'a, b', ['a', 'b'], 'Bearer x']) {
        const sent = await outside.expectAnswered({ headers: inHeader(value) });
        for (const { actor, detail } of decisionsOn(outside, sent)) {
          expect(actor).toMatchObject({ sub: 'good', proof: 'jwt' });
          expect(detail).toEqual({ untrusted_header: ['x-enterprise-token'] });
        }
      }
    },
  );
});

describe('from a trusted proxy', () => {
  verifies('TOKEN-ENTERPRISE-FIRST', 'a valid enterprise token alone is served, and recorded as such', async () => {
    const sent = await guard.expectAnswered({ token: null, headers: inHeader(await enterprise(guard)) });
    for (const { actor, detail } of decisionsOn(guard, sent)) {
      expect(actor).toMatchObject({ iss: corp.issuer, sub: 'employee', proof: 'enterprise' });
      expect(detail).toBeUndefined();
    }
  });

  verifies('TOKEN-ENTERPRISE-FIRST', 'its scopes decide', async () => {
    const headers = inHeader(await enterprise(guard, { scopes: ['notes:read'] }));
    await guard.expectRefused('insufficient_scope', { token: null, headers }, { scope: 'echo:call' });
  });

  verifies('TOKEN-ENTERPRISE-FIRST', 'without the header an access token is served as always (K-09)', async () => {
    const sent = await guard.expectAnswered({});
    for (const { actor } of decisionsOn(guard, sent)) expect(actor).toMatchObject({ sub: 'good', proof: 'jwt' });
  });

  verifies('TOKEN-ENTERPRISE-FIRST', 'another scheme beside it counts as no credential', async () => {
    const headers = { ...inHeader(await enterprise(guard)), authorization: 'Basic dTpw' };
    const sent = await guard.expectAnswered({ token: null, headers });
    for (const { actor } of decisionsOn(guard, sent)) expect(actor?.proof).toBe('enterprise');
  });

  verifies(
    'TOKEN-ENTERPRISE-OWN-ISSUER',
    'one for another application is refused, whatever stands beside it (K-05)',
    async () => {
      const headers = inHeader(await enterprise(guard, { claims: { aud: 'https://other.example' } }));
      for (const token of [null, guard.good]) await guard.expectRefused('aud_mismatch', { token, headers });
    },
  );

  verifies('TOKEN-ENTERPRISE-OWN-ISSUER', 'an ID token of the same issuer is refused (K-05)', async () => {
    const headers = inHeader(
      await enterprise(guard, { header: { typ: 'JWT' }, claims: { aud: 'gateway', nonce: 'n' } }),
    );
    await guard.expectRefused('token_type_confusion', { headers });
  });

  verifies(
    'TOKEN-ENTERPRISE-OWN-ISSUER',
    'an access token of the other issuer is no enterprise token, and the other way round',
    async () => {
      const records = await guard.expectRefused('enterprise_invalid', { headers: inHeader(guard.good) });
      for (const { detail } of records) expect(detail).toMatchObject({ reason: 'iss_unknown', source: 'enterprise' });
      await guard.expectRefused('iss_unknown', { token: await enterprise(guard) });
    },
  );

  const invalid: Record<string, () => Promise<string>> = {
    expired: () => enterprise(guard, { expiresInSeconds: -60 }),
    forged: async () => `${(await enterprise(guard)).slice(0, -8)}AAAAAAAA`,
    'no JWT': async () => 'opaque-token-of-somebody',
    'without exp': () => enterprise(guard, { claims: { exp: undefined } }),
    'bound to a key': () => enterprise(guard, { claims: { cnf: { jkt: 'x'.repeat(43) } } }),
  };
  for (const [what, mint] of Object.entries(invalid)) {
    verifies(
      'TOKEN-ENTERPRISE-NO-FALLBACK',
      `one that is ${what} is 401, also beside a valid access token (K-06)`,
      async () => {
        const headers = inHeader(guard.watch(await mint()));
        for (const token of [null, guard.good]) {
          for (const { detail } of await guard.expectRefused('enterprise_invalid', { token, headers }))
            expect(detail).toMatchObject({ reason: expect.any(String) as string, source: 'enterprise' });
        }
      },
    );
  }

  verifies(
    'TOKEN-ENTERPRISE-NO-FALLBACK',
    'an invalid access token beside a valid one is refused as always',
    async () => {
      const headers = inHeader(await enterprise(guard));
      await guard.expectRefused('expired', { token: await guard.token({ expiresInSeconds: -60 }), headers });
    },
  );

  verifies('TOKEN-ENTERPRISE-CONFLICT', 'an access token of somebody else beside it is 400 (K-07)', async () => {
    const headers = inHeader(await enterprise(guard));
    const records = await guard.expectRefused('conflict_identity', { headers });
    for (const { actor, detail } of records) {
      expect(actor).toMatchObject({ iss: corp.issuer, sub: 'employee', proof: 'enterprise' });
      expect(detail).toEqual({ other: { iss: guard.idp.issuer, sub: 'good', clientId: expect.any(String) as string } });
    }
  });

  verifies('TOKEN-ENTERPRISE-CONFLICT', 'the same name at another issuer is somebody else (K-07)', async () => {
    const headers = inHeader(await enterprise(guard, { subject: 'good' }));
    await guard.expectRefused('conflict_identity', { headers });
  });

  const malformed: Record<string, HeaderValue> = {
    empty: '',
    'two fields': ['a.b.c', 'd.e.f'],
    'the same field twice': ['a.b.c', 'a.b.c'],
    'a list, as a proxy joins fields': 'a.b.c, d.e.f',
    'with a scheme': 'Bearer a.b.c',
    'followed by more': 'a.b.c d',
  };
  for (const [what, value] of Object.entries(malformed)) {
    verifies('TOKEN-ENTERPRISE-FORM', `one that is ${what} is 400 (K-10)`, async () => {
      for (const token of [null, guard.good])
        await guard.expectRefused('malformed_request', { token, headers: inHeader(value) });
    });
  }

  verifies('TOKEN-ENTERPRISE-FORM', 'one that is too large, or holds what no token holds, is 401 (K-10)', async () => {
    await guard.expectRefused('token_too_large', { headers: inHeader('a'.repeat(9_000)) });
    await guard.expectRefused('enterprise_invalid', { headers: inHeader('a"b') });
  });

  verifies('TOKEN-ENTERPRISE-NAME', 'the case of its name does not matter (K-11)', async () => {
    const token = await enterprise(guard);
    for (const name of ['X-ENTERPRISE-TOKEN', 'x-Enterprise-token']) {
      await guard.expectAnswered({ token: null, headers: { [name]: token } });
    }
  });

  verifies('TOKEN-ENTERPRISE-NAME', 'a name with underscores is another header (K-11)', async () => {
    const token = await enterprise(guard);
    for (const name of ['X_Enterprise_Token', 'x_enterprise_token', 'X-Enterprise_Token']) {
      const records = await guard.expectRefused('no_token', { token: null, headers: { [name]: token } });
      for (const { detail } of records) expect(detail).toBeUndefined();
      const sent = await guard.expectAnswered({ headers: { [name]: token } });
      for (const { actor } of decisionsOn(guard, sent)) expect(actor).toMatchObject({ sub: 'good', proof: 'jwt' });
    }
  });

  verifies(
    'TOKEN-ENTERPRISE-OWN-ISSUER',
    'is 503 while its issuer can not be reached, and no access token replaces it',
    async () => {
      corp.fail({ endpoint: 'jwks', mode: 'status' });
      try {
        const fresh = await openGuard({
          config: { enterpriseToken: { issuer: corp.issuer }, network: { trustedProxies: ['127.0.0.1'] } },
        });
        try {
          const headers = inHeader(await enterprise(fresh));
          const { answer } = await fresh.send({ headers });
          expect([answer.status, answer.challenges]).toEqual([503, []]);
          await fresh.expectAnswered({});
        } finally {
          await fresh.close();
        }
      } finally {
        corp.heal();
      }
    },
  );
});

describe('one issuer for both', () => {
  verifies('TOKEN-ENTERPRISE-FIRST', 'the very same identity in both is one identity (K-07)', async () => {
    const both = await openGuard({
      config: {
        enterpriseToken: { header: 'X-Corp', issuer: corp.issuer },
        network: { trustedProxies: ['127.0.0.0/8'] },
      },
      issuers: (idp) => [{ issuer: idp.issuer }, { issuer: corp.issuer }],
    });
    try {
      const token = await enterprise(both);
      const other = await enterprise(both, { clientId: 'another-client' });
      const sent = await both.expectAnswered({ token, headers: { 'x-corp': await enterprise(both) } });
      for (const { actor } of decisionsOn(both, sent))
        expect(actor).toMatchObject({ sub: 'employee', proof: 'enterprise' });
      await both.expectRefused('conflict_identity', { token: other, headers: { 'x-corp': token } });
      // The usual name is not the configured one here.
      const records = await both.expectRefused('no_token', { token: null, headers: inHeader(token) });
      for (const { detail } of records) expect(detail).toEqual({ untrusted_header: ['x-enterprise-token'] });
      await both.expectClean();
    } finally {
      await both.close();
    }
  });
});

describe('headers that a gateway might set', () => {
  const names = [
    ...['X-Forwarded-User', 'X-Forwarded-Email', 'X-Auth-Request-User', 'X-Remote-User', 'Remote-User', 'X-User-Id'],
    ...['X-MS-CLIENT-PRINCIPAL', 'X-Goog-Authenticated-User-Email', 'Cf-Access-Authenticated-User-Email'],
    ...[
      'Tailscale-User-Login',
      'X-Jwt-Payload',
      'X-Goog-Iap-Jwt-Assertion',
      'X-Amzn-Oidc-Data',
      'Cf-Access-Jwt-Assertion',
    ],
  ];
  verifies('TOKEN-IDENTITY-HEADERS', 'name nobody, also from a trusted proxy (K-15, K-21)', async () => {
    const payload = Buffer.from(JSON.stringify({ sub: 'admin', scope: 'notes:admin' })).toString('base64');
    for (const name of names) {
      const { answer, userAgent } = await guard.send({
        token: null,
        headers: { [name]: name.includes('ayload') ? payload : 'admin' },
      });
      expect([name, answer.status]).toEqual([name, 401]);
      const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
      expect([record.decision?.reason, record.actor, record.detail]).toEqual(['no_token', undefined, undefined]);
    }
  });

  verifies('TOKEN-IDENTITY-HEADERS', 'do not change whom an access token names (K-15, K-23)', async () => {
    const headers = Object.fromEntries(names.map((name) => [name, 'admin']));
    const sent = await guard.expectAnswered({ headers });
    for (const { actor } of decisionsOn(guard, sent)) expect(actor?.sub).toBe('good');
  });

  verifies('TOKEN-IDENTITY-HEADERS', 'do not make a shared secret an access token (K-30)', async () => {
    await guard.expectRefused('malformed_token', {
      token: 'internal-service-secret',
      headers: { 'x-forwarded-user': 'admin' },
    });
  });

  verifies('TOKEN-IDENTITY-HEADERS', 'do not move a request to another path (K-27)', async () => {
    for (const name of ['x-original-url', 'x-rewrite-url', 'x-forwarded-uri']) {
      await guard.expectRefused('no_token', { token: null, headers: { [name]: '/healthz' } });
      const { status } = await send(`${guard.target.origin}/nowhere`, {
        headers: { [name]: '/mcp', authorization: `Bearer ${guard.good}` },
      });
      expect(status).toBe(404);
    }
  });

  verifies(
    'TOKEN-IDENTITY-HEADERS',
    'a probe has no way in, and learns nothing about callers at the health route (K-26)',
    async () => {
      for (const probe of ['GoogleHC/1.0', 'kube-probe/1.31', 'ELB-HealthChecker/2.0']) {
        const { headers, body } = legacy('tools/call', { name: 'echo', arguments: { text: 'hello' } });
        const answer = await send(guard.target.url, { headers: { ...headers, 'user-agent': probe }, body });
        expect(answer.status).toBe(401);
        const health = await send(`${guard.target.origin}/healthz`, {
          method: 'GET',
          headers: { 'user-agent': probe },
        });
        expect([health.status, health.text]).toEqual([200, '{"status":"ok"}']);
      }
    },
  );

  verifies('TOKEN-IDENTITY-HEADERS', 'what a stranger says of scheme and address changes nothing (K-22)', async () => {
    const headers = {
      forwarded: 'for=192.0.2.9;proto=https;host=evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '192.0.2.9',
    };
    await outside.expectRefused('no_token', { token: null, headers });
  });
});

describe('a web page', () => {
  verifies('TOKEN-ENTERPRISE-NOT-FOR-PAGES', 'is never allowed to send the header (K-13)', async () => {
    const page = await openGuard({
      config: {
        enterpriseToken: { issuer: corp.issuer },
        network: { trustedProxies: ['127.0.0.1'], allowedOrigins: ['https://app.example.com'] },
      },
    });
    try {
      const answer = await send(page.target.url, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example.com',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, x-enterprise-token',
        },
      });
      expect(answer.status).toBe(204);
      expect(String(answer.headers['access-control-allow-headers']).toLowerCase()).not.toContain('enterprise');
    } finally {
      await page.close();
    }
  });
});

describe('a start', () => {
  const cases: [string, unknown, string][] = [
    ['no list of trusted proxies', undefined, 'network.trustedProxies: is empty'],
    ['an empty one (K-03)', [], 'network.trustedProxies: is empty'],
    ['a hop count', 1, 'network.trustedProxies: is a hop count'],
    ['true (K-23)', true, 'network.trustedProxies: expected'],
  ];
  for (const [what, trustedProxies, problem] of cases) {
    verifies(
      'TOKEN-ENTERPRISE-START',
      `with ${what} ends before it listens, with one line that names the field`,
      async () => {
        const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-target-'));
        const network = trustedProxies === undefined ? {} : { network: { trustedProxies } };
        const file = path.join(folder, 'config.json');
        writeFileSync(
          file,
          JSON.stringify(
            defaultConfig({ issuer: corp.issuer, config: { enterpriseToken: { issuer: corp.issuer }, ...network } }),
          ),
        );
        const child = spawnTarget({ SALLYPORT_CONFIG: file, PORT: '0' });
        let [stdout, stderr] = ['', ''];
        child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
        child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
        const [code] = (await once(child, 'close')) as [number];
        rmSync(folder, { recursive: true, force: true });
        expect([code === 0, stdout]).toEqual([false, '']);
        expect(stderr.trimEnd().split('\n')).toHaveLength(1);
        expect(stderr).toContain(problem);
      },
    );
  }
});

describe('afterwards', () => {
  verifies('WALK-00-NO-SECRET', 'no enterprise token is in any record, log line or answer (K-14)', async () => {
    for (const one of [guard, outside, off]) await one.expectClean();
  });
});
