import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyTiming } from '../../src/keys/key-timing.ts';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';
import { bearer, ALGORITHMS, claimsFor, createBench, headerFor, mint, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { json, startTestIssuer, status, type Answer, type TestIssuer } from '../support/test-issuer.ts';

const k1 = createSigningKey('ES256', 'k1');
const k2 = createSigningKey('ES256', 'k2');
const MINUTE = 60_000;

let issuer: TestIssuer;
const benches: Bench[] = [];
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);

beforeEach(async () => {
  issuer = await startTestIssuer([k1.jwk]);
  process.on('unhandledRejection', onRejection);
});
afterEach(async () => {
  for (const { authenticator } of benches.splice(0)) authenticator.close();
  await issuer.close();
  await new Promise(setImmediate);
  process.off('unhandledRejection', onRejection);
  expect(rejections.splice(0)).toEqual([]);
});

function bench(options: Partial<IssuerOptions> = {}, timing: Partial<KeyTiming> = {}): Bench {
  const made = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS, ...options }] }, timing);
  benches.push(made);
  return made;
}

/** Tokens differ by `jti`, so that none comes from the cache. */
let serial = 0;
function token(b: Bench, key = k1, kid = key.kid): string {
  serial += 1;
  return mint(key, claimsFor(issuer, b.clock, { jti: `t${serial}` }), headerFor(key, { kid }));
}

async function accepts(b: Bench, key = k1): Promise<void> {
  expect(await b.authenticator.authenticate(bearer(token(b, key)))).toMatchObject({ subject: 'user-1' });
}

async function untilKeys(b: Bench, keys: boolean): Promise<void> {
  await expect.poll(() => b.authenticator.status()[0]?.keys).toBe(keys);
}

describe('the keys of an issuer', () => {
  // @verifies TOKEN-9068-JWKS-URI, TOKEN-KEYS-ONE-FETCH
  it('are found through its metadata and fetched once', async () => {
    const b = bench();
    await Promise.all(Array.from({ length: 50 }, () => accepts(b)));
    expect(issuer.requests).toEqual(['/.well-known/oauth-authorization-server', '/jwks']);
    expect(b.events).toEqual([{ type: 'keys.refreshed', issuer: issuer.url, ok: true, cause: 'start' }]);
  });

  it('are fetched from jwksUri without a look at the metadata when it is set', async () => {
    const b = bench({ jwksUri: issuer.jwksUri });
    await accepts(b);
    expect(issuer.requests).toEqual(['/jwks']);
  });

  it('are fetched at start, and status says when they are held (C-18)', async () => {
    const b = bench();
    expect(b.authenticator.status()).toEqual([{ issuer: issuer.url, ready: false, keys: false }]);
    b.authenticator.start();
    b.authenticator.start();
    await untilKeys(b, true);
    expect(issuer.count('/jwks')).toBe(1);
  });

  // @verifies TOKEN-KEYS-ROTATION
  it('are fetched again at once for a new key id, once, and the token passes (C-01)', async () => {
    const b = bench();
    await accepts(b);
    issuer.keys = [k1.jwk, k2.jwk];
    await Promise.all(Array.from({ length: 20 }, () => accepts(b, k2)));
    expect(issuer.count('/jwks')).toBe(2);
    expect(b.events.at(-1)).toMatchObject({ cause: 'unknown_kid', ok: true });
  });

  it('are not fetched twice for the first token of a process', async () => {
    const b = bench();
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b, k1, 'nope'))), 'key_not_found', 401);
    expect(issuer.count('/jwks')).toBe(1);
  });

  // @verifies TOKEN-KEYS-UNKNOWN-KID
  it('are fetched at most once in 30 seconds under a flood of unknown key ids, and good tokens pass meanwhile (C-03)', async () => {
    const b = bench();
    await accepts(b);
    for (let round = 0; round < 20; round += 1) {
      const flood = Array.from({ length: 50 }, (_, index) => token(b, k1, `random-${round}-${index}`));
      await Promise.all([
        ...flood.map((bad) => expectRefusal(() => b.authenticator.authenticate(bearer(bad)), 'key_not_found', 401)),
        accepts(b),
      ]);
    }
    expect(issuer.count('/jwks')).toBe(2);
    b.clock.advance(30_000);
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b, k1, 'later'))), 'key_not_found', 401);
    expect(issuer.count('/jwks')).toBe(3);
  });

  // @verifies TOKEN-KEYS-REMOVAL
  it('stop being accepted with the refresh that no longer has them, cached tokens included (C-02)', async () => {
    const b = bench();
    const cached = token(b);
    await b.authenticator.authenticate(bearer(cached));
    expect(b.authenticator.authenticate(bearer(cached))).not.toBeInstanceOf(Promise);
    issuer.keys = [k2.jwk];
    await accepts(b, k2);
    await expectRefusal(() => b.authenticator.authenticate(bearer(cached)), 'key_not_found', 401);
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'key_not_found', 401);
  });

  // @verifies TOKEN-KEYS-REMOVAL
  it('are never used beyond ten minutes while the issuer answers, cached tokens included (C-02)', async () => {
    const b = bench();
    const cached = token(b);
    await b.authenticator.authenticate(bearer(cached));
    issuer.keys = [k2.jwk];
    b.clock.skip(10 * MINUTE);
    b.clock.jump(-10 * MINUTE);
    await expectRefusal(() => b.authenticator.authenticate(bearer(cached)), 'key_not_found', 401);
  });

  it('are refreshed in the background by their age while old ones go on being used, and the cache outlives that', async () => {
    const b = bench();
    const cached = token(b);
    await b.authenticator.authenticate(bearer(cached));
    let release: (() => void) | undefined;
    issuer.answers.set('/jwks', (request, response) => {
      release = () => json(() => ({ keys: [k1.jwk] }))(request, response);
    });
    b.clock.advance(570_000);
    await expect.poll(() => issuer.count('/jwks')).toBe(2);
    b.clock.jump(-570_000);
    expect(b.authenticator.authenticate(bearer(cached))).toMatchObject({ subject: 'user-1' });
    await expect.poll(() => release).toBeDefined();
    release?.();
    await expect.poll(() => b.events.at(-1)).toMatchObject({ cause: 'age', ok: true });
    expect(b.authenticator.authenticate(bearer(cached))).toMatchObject({ subject: 'user-1' });
  });

  it('follow max-age of the issuer, but not below a minute (C-26)', async () => {
    issuer.answers.set(
      '/jwks',
      json(() => ({ keys: [k1.jwk] }), { 'cache-control': 'max-age=5' }),
    );
    const b = bench();
    await accepts(b);
    b.clock.advance(59_000);
    await accepts(b);
    expect(issuer.count('/jwks')).toBe(1);
    b.clock.advance(1_000);
    await expect.poll(() => issuer.count('/jwks')).toBe(2);
  });

  it('are kept and count as fresh when the issuer says that nothing changed (C-27)', async () => {
    issuer.answers.set('/jwks', (request, response) => {
      if (request.headers['if-none-match'] === '"v1"') status(304)(request, response);
      else json(() => ({ keys: [k1.jwk] }), { etag: '"v1"' })(request, response);
    });
    const b = bench();
    await accepts(b);
    b.clock.advance(570_000);
    await expect.poll(() => b.events.length).toBe(2);
    expect(b.events.at(-1)).toMatchObject({ cause: 'age', ok: true });
    b.clock.advance(560_000);
    await accepts(b);
    expect(issuer.count('/jwks')).toBe(2);
  });

  it('are found again when the metadata moves them (C-25)', async () => {
    const b = bench();
    await accepts(b);
    issuer.answers.set('/jwks', status(410));
    issuer.answers.set(
      '/moved',
      json(() => ({ keys: [k1.jwk, k2.jwk] })),
    );
    issuer.answers.set(
      '/.well-known/oauth-authorization-server',
      json(() => ({ issuer: issuer.url, jwks_uri: new URL('/moved', issuer.url).href })),
    );
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b, k2))), 'idp_unavailable', 503);
    b.clock.advance(1_000);
    await expect.poll(() => issuer.count('/moved')).toBe(1);
    await accepts(b, k2);
  });

  it('are fetched where they were when only the metadata is gone', async () => {
    const b = bench();
    await accepts(b);
    issuer.answers.set('/.well-known/oauth-authorization-server', status(500));
    issuer.keys = [k2.jwk];
    b.clock.skip(13 * 60 * MINUTE);
    await accepts(b, k2);
  });
});

const FAILURES: readonly (readonly [string, Answer])[] = [
  ['answers 500', status(500)],
  ['answers 404', status(404)],
  ['answers 204', status(204)],
  ['redirects (C-14)', status(302, { location: 'http://169.254.169.254/' })],
  ['answers 304 unasked', status(304)],
  [
    'answers with a login page (C-11)',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  ],
  ['answers without a content type', (_request, response) => response.writeHead(200).end('{"keys":[]}')],
  [
    'answers with no JSON',
    (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":['),
  ],
  [
    'answers with duplicate members',
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[],"keys":[]}'),
  ],
  [
    'answers with deep JSON (C-13)',
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"keys":${'['.repeat(100_000)}`),
  ],
  ['answers without keys (C-15)', json(() => ({}))],
  ['answers with 10,000 keys (C-13)', json(() => ({ keys: Array.from({ length: 10_000 }, () => ({})) }))],
  ['answers with 2 MB (C-13)', json(() => ({ keys: [], padding: 'x'.repeat(2_000_000) }))],
  ['closes the connection', (request) => request.socket.destroy()],
];

describe('an issuer whose key endpoint', () => {
  for (const [name, answer] of FAILURES) {
    it(`${name} leaves the keys that are held in use, and is 503 without any`, async () => {
      issuer.answers.set('/jwks', answer);
      const cold = bench();
      const refusal = await expectRefusal(
        () => cold.authenticator.authenticate(bearer(token(cold))),
        'idp_unavailable',
        503,
      );
      expect(refusal.retryAfterSeconds).toBe(1);
      expect(refusal.rpcCode).toBe(-32_603);
      expect(cold.authenticator.status()[0]).toMatchObject({ keys: false, problem: expect.any(String) });

      issuer.answers.clear();
      const warm = bench();
      await accepts(warm);
      issuer.answers.set('/jwks', answer);
      warm.clock.advance(570_000);
      await expect.poll(() => warm.events.at(-1)).toMatchObject({ ok: false, cause: 'age' });
      await accepts(warm);
      expect(warm.authenticator.status()[0]).toMatchObject({ keys: true, problem: expect.any(String) });
    });
  }

  it('hangs is given up after the time allowed, and those who wait get 503 (C-10)', async () => {
    issuer.answers.set('/jwks', (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    );
    const b = bench({}, { timeoutMs: 50 });
    const refusals = await Promise.all(
      [1, 2, 3].map(() => expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'idp_unavailable', 503)),
    );
    expect(refusals.map((refusal) => refusal.detail)).toEqual(
      [1, 2, 3].map(() => ({ issuer: issuer.url, problem: 'no complete answer in time' })),
    );
    expect(issuer.count('/jwks')).toBe(1);
  });
});

describe('an issuer that is down', () => {
  // @verifies TOKEN-KEYS-ONE-FETCH
  it('is asked once for 50 requests, which all get 503 (C-09, C-17)', async () => {
    issuer.answers.set('*', status(500));
    const b = bench();
    await Promise.all(
      Array.from({ length: 50 }, () =>
        expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'idp_unavailable', 503),
      ),
    );
    expect(issuer.count('/.well-known/oauth-authorization-server')).toBe(1);
  });

  // @verifies TOKEN-KEYS-BACKOFF
  it('is asked again after 1, 2, 4 … 60 seconds, however many requests come, and answers are at once (C-05)', async () => {
    issuer.answers.set('/jwks', status(500));
    const b = bench();
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'idp_unavailable', 503);
    let expected = 1;
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      b.clock.advance(seconds * 1_000 - 1);
      for (let request = 0; request < 20; request += 1) {
        const refusal = await expectRefusal(
          () => b.authenticator.authenticate(bearer(token(b, k1, `k${request}`))),
          'idp_unavailable',
          503,
        );
        expect(refusal.retryAfterSeconds).toBe(1);
      }
      expect(issuer.count('/jwks')).toBe(expected);
      b.clock.advance(1);
      expected += 1;
      await expect.poll(() => b.events.length).toBe(expected);
      expect(issuer.count('/jwks')).toBe(expected);
    }
    const refusal = await expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'idp_unavailable', 503);
    expect(refusal.retryAfterSeconds).toBe(60);
  });

  // @verifies TOKEN-KEYS-COLD-START
  it('heals by itself, without a request (C-18)', async () => {
    issuer.answers.set('*', status(503));
    const b = bench();
    b.authenticator.start();
    await expect.poll(() => b.events.length).toBe(1);
    expect(b.authenticator.status()[0]).toMatchObject({ keys: false });
    issuer.answers.clear();
    b.clock.advance(1_000);
    await untilKeys(b, true);
    expect(b.authenticator.status()).toEqual([{ issuer: issuer.url, ready: true, keys: true }]);
    expect(b.events.at(-1)).toMatchObject({ cause: 'retry', ok: true });
  });

  it('does not stop tokens whose keys are held, and is not asked for each of them (C-07)', async () => {
    const b = bench();
    await accepts(b);
    issuer.answers.set('*', status(500));
    await accepts(b);
    b.clock.advance(570_000);
    await expect.poll(() => b.events.at(-1)).toMatchObject({ ok: false });
    const asked = issuer.count('/jwks');
    for (let request = 0; request < 20; request += 1) await accepts(b);
    expect(issuer.count('/jwks')).toBe(asked);
  });

  it('makes a token with an unknown key id 503, not 401, since nobody can say that the key does not exist', async () => {
    const b = bench();
    await accepts(b);
    issuer.answers.set('*', status(500));
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b, k2))), 'idp_unavailable', 503);
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b, k2))), 'idp_unavailable', 503);
    expect(issuer.count('/jwks')).toBe(2);
    await accepts(b);
  });

  // @verifies TOKEN-KEYS-STALE
  it('may be down for an hour before the keys that are held are dropped, cached tokens included', async () => {
    const b = bench();
    const cached = mint(k1, claimsFor(issuer, b.clock, { exp: b.clock.nowSeconds + 86_400 }));
    await b.authenticator.authenticate(bearer(cached));
    issuer.answers.set('*', status(500));
    b.clock.advance(10 * MINUTE);
    await expect.poll(() => b.events.at(-1)).toMatchObject({ ok: false });
    b.clock.skip(59 * MINUTE);
    expect(b.authenticator.authenticate(bearer(cached))).toMatchObject({ subject: 'user-1' });
    b.clock.skip(2 * MINUTE);
    await expectRefusal(() => b.authenticator.authenticate(bearer(cached)), 'idp_unavailable', 503);
    expect(b.authenticator.status()[0]).toMatchObject({ keys: false });
  });

  it('does not hold up tokens of another issuer (C-10, I-11)', async () => {
    const other = await startTestIssuer([k2.jwk]);
    issuer.answers.set('*', () => undefined);
    const b = createBench({ issuers: [issuer, other].map(({ url }) => ({ issuer: url, algorithms: ALGORITHMS })) });
    benches.push(b);
    b.authenticator.start();
    expect(await b.authenticator.authenticate(bearer(mint(k2, claimsFor(other, b.clock))))).toMatchObject({
      issuer: other.url,
    });
    await other.close();
  });
});

describe('the metadata of an issuer', () => {
  // @verifies TOKEN-8414-ISSUER
  it('is refused when it names another issuer, and its keys are never fetched (C-19)', async () => {
    issuer.answers.set(
      '/.well-known/oauth-authorization-server',
      json(() => ({ issuer: `${issuer.url}/`, jwks_uri: issuer.jwksUri })),
    );
    const b = bench();
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'idp_unavailable', 503);
    expect(issuer.count('/jwks')).toBe(0);
    expect(b.authenticator.status()[0]?.problem).toContain('another issuer');
  });

  it('is looked for at every place of an issuer with a path (C-23)', async () => {
    const tenant = await startTestIssuer([k1.jwk], '/tenant');
    tenant.answers.set('/.well-known/oauth-authorization-server/tenant', status(404));
    tenant.answers.set(
      '/tenant/.well-known/openid-configuration',
      json(() => ({ issuer: tenant.url, jwks_uri: tenant.jwksUri })),
    );
    const b = createBench({ issuers: [{ issuer: tenant.url, algorithms: ALGORITHMS }] });
    benches.push(b);
    expect(await b.authenticator.authenticate(bearer(mint(k1, claimsFor(tenant, b.clock))))).toMatchObject({
      issuer: tenant.url,
    });
    expect(tenant.requests).toEqual([
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
      '/tenant/.well-known/openid-configuration',
      '/jwks',
    ]);
    await tenant.close();
  });

  it('may put the keys on another domain; the log says so once (C-21)', async () => {
    issuer.answers.set(
      '/.well-known/oauth-authorization-server',
      json(() => ({ issuer: issuer.url, jwks_uri: `http://localhost:${new URL(issuer.url).port}/jwks` })),
    );
    const b = bench();
    await accepts(b);
    expect(b.log).toEqual([
      {
        level: 'warn',
        fields: expect.objectContaining({ issuer: issuer.url }),
        message: expect.stringContaining('another domain'),
      },
    ]);
  });
});

describe('requests', () => {
  // @verifies TOKEN-KEYS-NO-REQUEST-FETCH, TOKEN-8725-UNTRUSTED-CLAIMS
  it('never decide where keys are fetched from: jku, x5u, jwk and an unknown iss cause no request (B-09, B-35, C-06, C-30)', async () => {
    const b = bench();
    await accepts(b);
    const before = issuer.requests.length;
    const target = `${issuer.url}/attacker`;
    const header = headerFor(k1, { jku: target, x5u: target, jwk: k2.jwk, x5c: ['AAAA'] });
    expect(await b.authenticator.authenticate(bearer(mint(k1, claimsFor(issuer, b.clock), header)))).toMatchObject({
      subject: 'user-1',
    });
    await expectRefusal(
      () => b.authenticator.authenticate(bearer(mint(k2, claimsFor(issuer, b.clock), header))),
      'bad_signature',
      401,
    );
    for (const iss of [target, `${issuer.url}/`, 'http://169.254.169.254', 'file:///etc/passwd']) {
      await expectRefusal(
        () => b.authenticator.authenticate(bearer(mint(k1, claimsFor(issuer, b.clock, { iss })))),
        'iss_unknown',
        401,
      );
    }
    expect(issuer.requests.length).toBe(before);
  });
});

describe('the log', () => {
  it('shouts when the issuer publishes a private key, and good keys beside it work (C-15)', async () => {
    issuer.keys = [
      null,
      { ...k2.privateKey.export({ format: 'jwk' }), kid: 'k2' },
      { kty: 'oct', k: 'AAAA' },
      { ...k1.jwk, kid: 'bad', x: 'AA' },
      k1.jwk,
    ];
    const b = bench();
    await accepts(b);
    expect(b.log).toEqual([
      {
        level: 'error',
        fields: { event: 'sallyport.issuer.keys_private', issuer: issuer.url, count: 2 },
        message: expect.stringContaining('private'),
      },
    ]);
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b, k2))), 'key_not_found', 401);
  });

  it('warns when several keys share an id (B-18)', async () => {
    issuer.keys = [k1.jwk, { ...k2.jwk, kid: 'k1' }];
    const b = bench();
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'key_not_found', 401);
    expect(b.log).toEqual([
      {
        level: 'warn',
        fields: { event: 'sallyport.issuer.keys_ambiguous', issuer: issuer.url, kids: 1 },
        message: expect.stringContaining('kid'),
      },
    ]);
  });
});

describe('close', () => {
  it('stops timers and requests under way; what waits gets 503', async () => {
    issuer.answers.set('/jwks', () => undefined);
    const b = bench();
    const waiting = expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'closing', 503);
    await expect.poll(() => issuer.count('/jwks')).toBe(1);
    b.authenticator.close();
    await waiting;
    expect(b.clock.timers).toBe(0);
    b.authenticator.start();
    await expectRefusal(() => b.authenticator.authenticate(bearer(token(b))), 'closing', 503);
    expect(issuer.count('/jwks')).toBe(1);
  });
});
