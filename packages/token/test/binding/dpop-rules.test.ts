import { createMemoryReplaySet, type Reason, type Refusal } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthenticatorOptions } from '../../src/authenticator/authenticator.ts';
import type { PresentedToken } from '../../src/authenticator/presented-token.ts';
import { ALGORITHMS, bearer, claimsFor, createBench, mint, RESOURCE, type Bench } from '../support/authentication.ts';
import {
  createClientKey,
  createWeakClientKey,
  dpop,
  proofFor,
  sha256,
  type ClientKey,
  type ProofOptions,
} from '../support/dpop.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey, segment, signRaw } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const es = createSigningKey('ES256', 'es');
const client = createClientKey();
const clients = [client, ...(['RS256', 'PS256', 'EdDSA'] as const).map(createClientKey)];
const thief = createClientKey();

let issuer: TestIssuer;
let b: Bench;
const benches: Bench[] = [];
beforeAll(async () => {
  issuer = await startTestIssuer([es.jwk]);
  b = bench({ mode: 'accept' });
});
afterAll(async () => {
  for (const one of benches) one.authenticator.close();
  await issuer.close();
});

/** An authenticator over the same issuer. */
function bench(policy: AuthenticatorOptions['dpop'], options: Partial<AuthenticatorOptions> = {}): Bench {
  const made = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }], dpop: policy, ...options });
  benches.push(made);
  return made;
}

let tokens = 0;
function tokenFor(cnf: unknown, changes: Record<string, unknown> = {}): string {
  tokens += 1;
  return mint(es, claimsFor(issuer, b.clock, { jti: `token-${tokens}`, cnf, ...changes }));
}

const bound = (key: ClientKey = client): string => tokenFor({ jkt: key.jkt });
const unbound = (): string => tokenFor(undefined);

type Changes = Omit<ProofOptions, 'token'>;

/** A bound token and a proof of it, in which a test changes something. */
function presented(changes: Changes = {}, key: ClientKey = client): PresentedToken {
  const token = bound(key);
  return dpop(token, proofFor(key, b.clock, { token, ...changes }));
}

async function accepts(request: PresentedToken, on = b): Promise<unknown> {
  const principal = await on.authenticator.authenticate(request);
  expect(principal).toMatchObject({ issuer: issuer.url, subject: 'user-1' });
  return principal;
}

async function refuses(request: PresentedToken, reason: Reason, on = b): Promise<Refusal> {
  const refusal = await expectRefusal(() => on.authenticator.authenticate(request), reason, 401);
  const told = JSON.stringify([refusal.message, refusal.detail]);
  for (const secret of [request.token, ...request.proofs]) {
    for (const part of secret.split('.')) if (part.length > 8) expect(told).not.toContain(part);
  }
  return refusal;
}

describe('a bound token with a proof of its key', () => {
  it('gives a frozen principal that says so, the same object every time', async () => {
    const token = bound();
    const present = (): PresentedToken => dpop(token, proofFor(client, b.clock, { token }));
    const principal = await accepts(present());
    expect(principal).toMatchObject({ proof: 'dpop', clientId: 'client-1', scopes: ['notes:read', 'echo:call'] });
    expect(Object.isFrozen(principal)).toBe(true);
    expect(await accepts(present())).toBe(principal);
  });

  it('is accepted with every kind of key', async () => {
    for (const key of clients) expect(await accepts(presented({}, key))).toMatchObject({ proof: 'dpop' });
  });

  it('is accepted with an algorithm only when it is in the list (E-07)', async () => {
    const strict = bench({ mode: 'accept', algorithms: ['ES256'] });
    await accepts(presented(), strict);
    for (const key of clients.slice(1)) await refuses(presented({}, key), 'dpop_alg', strict);
  });

  it('is matched by the members that make the key, in whatever order and company the client sends them (E-11, RFC 7638 §3)', async () => {
    const { kty, crv, x, y } = client.jwk;
    for (const jwk of [
      { y, x, crv, kty },
      { kid: 'k', use: 'sig', alg: 'ES256', key_ops: ['verify'], ext: true, ...client.jwk, 'x-more': { d: 1 } },
    ]) {
      await accepts(presented({ header: { jwk } }));
    }
  });

  it('may have members in its proof that are not known here (RFC 9449 §4.2)', async () => {
    await accepts(presented({ claims: { nonce: 'of-another-server', extra: { a: 1 } }, header: { kid: 'x' } }));
  });
});

describe('a token whose scheme does not fit how it is bound', () => {
  it('is refused when it is bound and sent as a bearer token (E-01)', async () => {
    await refuses(bearer(bound()), 'binding_mismatch');
  });

  it('is refused as a bearer token also with a valid proof (E-02)', async () => {
    await refuses({ ...presented(), scheme: 'bearer' }, 'binding_mismatch');
  });

  it('is refused when it is not bound and sent with a proof (E-03)', async () => {
    const token = unbound();
    await refuses(dpop(token, proofFor(client, b.clock, { token })), 'binding_mismatch');
  });

  it('is refused when DPoP is off, whatever the scheme', async () => {
    for (const off of [bench({ mode: 'off' }), bench(undefined)]) {
      await refuses(bearer(bound()), 'binding_mismatch', off);
      await refuses(presented(), 'binding_mismatch', off);
      await accepts(bearer(unbound()), off);
    }
  });

  it('is refused when what it is bound to can not be understood (RFC 7800 §3.1)', async () => {
    const confirmations: unknown[] = [
      ...[
        {},
        null,
        [],
        'x',
        1,
        { jwk: client.jwk },
        { kid: 'k' },
        { jku: 'https://h' },
        { jkt: null },
        { jkt: 1 },
        { jkt: '' },
      ],
      ...[{ jkt: [client.jkt] }, { jkt: `${client.jkt}=` }, { jkt: sha256('x', 'hex') }, { JKT: client.jkt }],
    ];
    for (const cnf of confirmations) {
      const token = tokenFor(cnf);
      await refuses(bearer(token), 'binding_mismatch');
      await refuses(dpop(token, proofFor(client, b.clock, { token })), 'binding_mismatch');
    }
    await refuses(bearer(tokenFor(undefined, { typ: 'DPoP' })), 'binding_mismatch');
    await refuses(bearer(tokenFor({ 'x5t#S256': sha256('c') }, { typ: 'DPoP' })), 'binding_mismatch');
  });

  it('is a bearer token and no more when it is not bound and a DPoP header comes along, valid or not (E-29)', async () => {
    const token = unbound();
    const plain = await accepts(bearer(token));
    for (const proofs of [[proofFor(client, b.clock, { token })], ['garbage'], ['a', 'b'], ['']])
      expect(await accepts({ ...bearer(token), proofs })).toBe(plain);
    expect(plain).toMatchObject({ proof: 'jwt' });
  });

  it('is refused when only bound tokens are accepted and it is not bound (E-30)', async () => {
    const required = bench({ mode: 'require' });
    await refuses(bearer(unbound()), 'dpop_required', required);
    await refuses({ ...bearer(unbound()), proofs: presented().proofs }, 'dpop_required', required);
    await refuses(bearer(bound()), 'binding_mismatch', required);
    await refuses(bearer(tokenFor({ 'x5t#S256': sha256('certificate') })), 'dpop_required', required);
    await accepts(presented(), required);
  });
});

describe('the DPoP header', () => {
  it('must be there, once (E-05, RFC 9449 §4.3 item 1)', async () => {
    const { token, proofs } = presented();
    const [proof = ''] = proofs;
    await refuses(dpop(token), 'dpop_malformed');
    await refuses(dpop(token, proof, proof), 'dpop_malformed');
    await refuses(dpop(token, proof, proofFor(client, b.clock, { token })), 'dpop_malformed');
    await refuses(dpop(token, proof, ''), 'dpop_malformed');
  });

  it('must hold one compact JWT and nothing else (E-05, RFC 9449 §4.3 item 2)', async () => {
    const { token, proofs } = presented();
    const [proof = ''] = proofs;
    const [header = '', payload = '', signature = ''] = proof.split('.');
    const flattened = JSON.stringify({ protected: header, payload, signature });
    const values = [
      ...['', ' ', `${proof}, ${proof}`, `${proof},${proof}`, `${proof},`, `${proof} `, `"${proof}"`, `DPoP ${proof}`],
      ...[
        'a',
        'a.b',
        'a.b.c',
        '..',
        `${header}.${payload}`,
        `${proof}.${signature}`,
        flattened,
        'x'.repeat(9_000),
        token,
      ],
    ];
    for (const value of values) await refuses(dpop(token, value), 'dpop_malformed');
  });

  it('must hold a JWT of JSON objects without tricks', async () => {
    const { token } = presented();
    const good = { typ: 'dpop+jwt', alg: 'ES256', jwk: client.jwk };
    const headers = [
      '[]',
      'null',
      `{"typ":"dpop+jwt","typ":"dpop+jwt","alg":"ES256"}`,
      ...[{ crit: ['b64'] }, { b64: false }, { zip: 'DEF' }, { enc: 'A128GCM' }, { cty: 'JWT' }].map((more) => ({
        ...good,
        ...more,
      })),
    ];
    for (const header of headers) await refuses(dpop(token, signRaw(header, { jti: 'x' }, client)), 'dpop_malformed');
    for (const payload of ['', '[]', '1', '{"jti":"a","jti":"b"}', '\ufeff{}', '{"iat":1'])
      await refuses(dpop(token, signRaw(good, payload, client)), 'dpop_malformed');
  });
});

describe('the header of a proof', () => {
  it('must say typ dpop+jwt (E-06)', async () => {
    for (const typ of ['JWT', undefined, 'at+jwt', 'dpop', 'DPOP+JWT', 'application/dpop+jwt', null, ['dpop+jwt']])
      await refuses(presented({ header: { typ } }), 'dpop_malformed');
  });

  it('must name an asymmetric algorithm of the list (E-07)', async () => {
    for (const alg of [
      'none',
      'None',
      '',
      'HS256',
      'HS512',
      'ES384',
      'ES256K',
      'RS512',
      'A128KW',
      null,
      undefined,
      ['ES256'],
    ])
      await refuses(presented({ header: { alg } }), 'dpop_alg');
    const token = bound();
    const claims = { jti: 'none', htm: 'POST', htu: RESOURCE, iat: b.clock.nowSeconds, ath: sha256(token) };
    const unsigned = `${segment({ typ: 'dpop+jwt', alg: 'none', jwk: client.jwk })}.${segment(claims)}.`;
    await refuses(dpop(token, unsigned), 'dpop_alg');
  });

  it('must have a key that fits the algorithm and is not weak (E-07)', async () => {
    const [, rsa] = clients;
    await refuses(presented({ header: { alg: 'PS256' } }, rsa), 'dpop_bad_signature');
    await refuses(presented({ header: { jwk: rsa?.jwk } }), 'dpop_alg');
    await refuses(presented({ header: { jwk: { ...client.jwk, alg: 'RS256' } } }), 'dpop_alg');
    await refuses(presented({}, createWeakClientKey()), 'dpop_alg');
  });

  it('must hold the public key, and only there (RFC 9449 §4.2, §4.3 item 7)', async () => {
    const { d } = client.privateKey.export({ format: 'jwk' });
    const keys = [
      ...[
        undefined,
        null,
        '',
        'x',
        [],
        {},
        { kty: 'EC' },
        { ...client.jwk, x: undefined },
        { ...client.jwk, x: `${client.jwk.x ?? ''}=` },
      ],
      ...[
        { ...client.jwk, crv: 'secp256k1' },
        { ...client.jwk, kty: 'oct' },
        { ...client.jwk, use: 'enc' },
        { ...client.jwk, key_ops: ['sign'] },
      ],
      ...[
        { ...client.jwk, d },
        { ...client.jwk, d: '' },
        { ...client.jwk, k: 'AAAA' },
        { kty: 'oct', k: 'AAAA' },
        [client.jwk],
      ],
      ...['p', 'q', 'dp', 'dq', 'qi', 'oth'].map((name) => ({ ...clients[1]?.jwk, [name]: 'AQAB' })),
    ];
    for (const jwk of keys) await refuses(presented({ header: { jwk } }), 'dpop_malformed');
    for (const name of ['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256'])
      await refuses(
        presented({ header: { [name]: name === 'x5c' ? ['AAAA'] : `${issuer.url}/attacker` } }),
        'dpop_malformed',
      );
    expect(issuer.requests).not.toContain('/attacker');
  });
});

describe('the signature of a proof', () => {
  it('must be by the key in it (E-09)', async () => {
    const token = bound();
    const proof = proofFor(client, b.clock, { token });
    const [header = '', payload = '', signature = ''] = proof.split('.');
    const flipped = Buffer.from(signature, 'base64url');
    flipped[5] = (flipped[5] ?? 0) ^ 1;
    await refuses(dpop(token, `${header}.${payload}.${flipped.toString('base64url')}`), 'dpop_bad_signature');
    await refuses(dpop(token, `${header}.${payload}.`), 'dpop_bad_signature');
    await refuses(dpop(token, `${header}.${segment({ jti: 'other' })}.${signature}`), 'dpop_bad_signature');
    await refuses(dpop(token, proofFor(thief, b.clock, { token, header: { jwk: client.jwk } })), 'dpop_bad_signature');
    await refuses(dpop(token, proofFor(client, b.clock, { token, header: { jwk: thief.jwk } })), 'dpop_bad_signature');
  });

  it('must be by the key the token is bound to, and not by one of an attacker (E-10)', async () => {
    const token = bound();
    await refuses(dpop(token, proofFor(thief, b.clock, { token })), 'binding_mismatch');
    await accepts(dpop(token, proofFor(client, b.clock, { token })));
    await refuses(dpop(token, proofFor(thief, b.clock, { token })), 'binding_mismatch');
  });

  it('is not asked for under a key of small order, which everything verifies', async () => {
    const x = Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url');
    const jkt = sha256(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }));
    const token = tokenFor({ jkt });
    const proof = proofFor({ ...(clients[3] as ClientKey), jkt, jwk: { kty: 'OKP', crv: 'Ed25519', x } }, b.clock, {
      token,
    });
    await refuses(dpop(token, proof), 'dpop_bad_signature');
  });
});

describe('the claims of a proof', () => {
  it('name the method of the request, letter by letter (RFC 9449 §4.3 item 8)', async () => {
    for (const htm of ['GET', 'post', 'Post', 'PUT', '', 'POST '])
      await refuses(presented({ claims: { htm } }), 'dpop_htm');
    for (const htm of [undefined, null, 1, ['POST']]) await refuses(presented({ claims: { htm } }), 'dpop_malformed');
    await accepts({ ...presented({ claims: { htm: 'GET' } }), method: 'GET' });
    await refuses({ ...presented(), method: 'DELETE' }, 'dpop_htm');
  });

  const elsewhere = [
    ...[
      'https://mcp.example.com/other',
      'https://mcp.example.com/',
      'https://mcp.example.com',
      'https://mcp.example.com/mcp/',
    ],
    ...[
      'https://mcp.example.com/mcp/x',
      'https://mcp.example.com/mc',
      'https://mcp.example.com/MCP',
      'https://mcp.example.com//mcp',
    ],
    ...['https://evil.example/mcp', 'https://mcp.example.com.evil.example/mcp', 'http://mcp.example.com/mcp'],
    ...[
      'https://mcp.example.com:8443/mcp',
      'https://mcp.example.com:80/mcp',
      'https://mcp.example.com@evil.example/mcp',
    ],
    ...[
      'https://u@mcp.example.com/mcp',
      '/mcp',
      'mcp',
      '',
      '*',
      'https:\\\\mcp.example.com\\mcp',
      'https://mcp.example.com/m%63p%00',
    ],
  ];
  for (const htu of elsewhere) {
    it(`name this resource and not ${JSON.stringify(htu)} (E-13)`, async () => {
      await refuses(presented({ claims: { htu } }), 'dpop_htu');
    });
  }

  it('name the resource as a string', async () => {
    for (const htu of [undefined, null, 1, [RESOURCE], { uri: RESOURCE }])
      await refuses(presented({ claims: { htu } }), 'dpop_malformed');
  });

  it('may spell the resource in another way (E-14)', async () => {
    const spellings = [
      'HTTPS://mcp.example.com/mcp',
      'https://MCP.EXAMPLE.com:443/mcp',
      'https://mcp.example.com/%6dcp',
      'https://mcp.example.com/x/../mcp',
    ];
    for (const htu of spellings) await accepts(presented({ claims: { htu } }));
    const tilde = 'https://mcp.example.com/~user/mcp';
    const other = bench({ mode: 'accept' }, { resource: tilde });
    for (const htu of [tilde, 'https://mcp.example.com/%7Euser/mcp', 'https://mcp.example.com/%7euser/mcp']) {
      const token = tokenFor({ jkt: client.jkt }, { aud: tilde });
      await accepts(dpop(token, proofFor(client, b.clock, { token, claims: { htu } })), other);
    }
  });

  it('may have a query and a fragment after it, unless htu is strict (E-15)', async () => {
    const strict = bench({ mode: 'accept', strictHtu: true });
    for (const more of ['?', '?a=b', '#', '#fragment', '?a=b#c']) {
      await accepts(presented({ claims: { htu: `${RESOURCE}${more}` } }));
      await refuses(presented({ claims: { htu: `${RESOURCE}${more}` } }), 'dpop_htu', strict);
    }
    await accepts(presented({ claims: { htu: 'HTTPS://mcp.example.com:443/mcp' } }), strict);
  });

  it('never show a query in a record, where a secret could be in it', async () => {
    const { detail } = await refuses(presented({ claims: { htu: 'https://evil.example/x?secret=abc' } }), 'dpop_htu');
    expect(detail).toMatchObject({ htu: 'https://evil.example/x' });
  });

  it('name the access token by its hash (E-17)', async () => {
    const token = bound();
    const other = bound();
    const wrong = [
      ...[
        undefined,
        null,
        '',
        1,
        [sha256(token)],
        sha256(other),
        sha256(token, 'hex'),
        sha256(token, 'base64'),
        `${sha256(token)}=`,
      ],
      ...[token, sha256(`${token} `), sha256(`DPoP ${token}`), sha256(token).toLowerCase()],
    ];
    for (const ath of wrong)
      await refuses(dpop(token, proofFor(client, b.clock, { token, claims: { ath } })), 'dpop_ath');
    await refuses(dpop(token, proofFor(client, b.clock, { token: other })), 'dpop_ath');
  });

  it('have a jti of 1 to 256 characters (E-18)', async () => {
    for (const jti of [undefined, null, '', 1, ['x'], { a: 1 }, 'x'.repeat(257), 'x'.repeat(4_000)])
      await refuses(presented({ claims: { jti } }), 'dpop_malformed');
    for (const jti of ['x', 'y'.repeat(256), '__proto__', '\u0000', 'ü']) await accepts(presented({ claims: { jti } }));
  });

  it('are from now: iat may be off by the window and no more, to both sides (E-25)', async () => {
    for (const iatWindowSeconds of [60, 300, 1]) {
      const on = bench({ mode: 'accept', iatWindowSeconds });
      for (const sign of [-1, 1]) {
        const at = (seconds: number): Changes => ({ claims: { iat: b.clock.nowSeconds + sign * seconds } });
        await accepts(presented(at(iatWindowSeconds)), on);
        await refuses(presented(at(iatWindowSeconds + 1)), 'dpop_iat', on);
      }
    }
    for (const iat of [undefined, null, '1', Number.MAX_VALUE, [], true])
      await refuses(presented({ claims: { iat } }), iat === Number.MAX_VALUE ? 'dpop_iat' : 'dpop_malformed');
    const token = bound();
    const payload = JSON.stringify({ jti: 'inf', htm: 'POST', htu: RESOURCE, ath: sha256(token), iat: 0 }).replace(
      '"iat":0',
      '"iat":1e999',
    );
    await refuses(
      dpop(token, signRaw({ typ: 'dpop+jwt', alg: 'ES256', jwk: client.jwk }, payload, client)),
      'dpop_malformed',
    );
    await accepts(presented({ claims: { iat: b.clock.nowSeconds - 10.5 } }));
  });

  it('keep to exp and nbf where a client sends them (RFC 7519 §4.1.4, §4.1.5)', async () => {
    const now = b.clock.nowSeconds;
    await accepts(presented({ claims: { exp: now + 10, nbf: now - 10 } }));
    for (const claims of [{ exp: now - 61 }, { exp: 'x' }, { nbf: now + 61 }, { nbf: null }])
      await refuses(presented({ claims }), 'dpop_iat');
  });
});

describe('a proof that was used before', () => {
  it('is refused as long as it would be accepted for its age (E-19)', async () => {
    const on = bench({ mode: 'accept' });
    const token = bound();
    const proof = proofFor(client, on.clock, { token, claims: { iat: on.clock.nowSeconds + 60 } });
    await accepts(dpop(token, proof), on);
    await refuses(dpop(token, proof), 'replay', on);
    on.clock.skip(120_000);
    await refuses(dpop(token, proof), 'replay', on);
    on.clock.skip(1_000);
    await refuses(dpop(token, proof), 'dpop_iat', on);
  });

  it('is known by its key and its jti, not by its bytes (E-19)', async () => {
    const token = bound();
    const claims = { jti: 'once' };
    await accepts(dpop(token, proofFor(client, b.clock, { token, claims })));
    await refuses(
      dpop(token, proofFor(client, b.clock, { token, claims: { ...claims, iat: b.clock.nowSeconds - 1 } })),
      'replay',
    );
    const second = bound();
    await refuses(dpop(second, proofFor(client, b.clock, { token: second, claims })), 'replay');
    const others = bound(thief);
    await accepts(dpop(others, proofFor(thief, b.clock, { token: others, claims })));
  });

  it('is told from a first use also when many come at once', async () => {
    const request = presented();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => accepts(request)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is remembered only when token and proof hold: what is refused fills nothing (E-23)', async () => {
    const added: [string, number][] = [];
    const replaySet = { add: (key: string, ttlMs: number) => added.push([key, ttlMs]) > 0 };
    const on = bench({ mode: 'accept' }, { replaySet });
    const token = bound();
    const proof = proofFor(client, b.clock, { token });
    await refuses(dpop('a.b.c', proof), 'malformed_token', on);
    await refuses(dpop(`${token.slice(0, -4)}AAAA`, proof), 'bad_signature', on);
    await refuses(dpop(tokenFor({ jkt: client.jkt }, { exp: b.clock.nowSeconds - 100 }), proof), 'expired', on);
    await refuses(dpop(token, proofFor(thief, b.clock, { token })), 'binding_mismatch', on);
    await refuses(dpop(token, proofFor(client, b.clock, { token, claims: { htm: 'GET' } })), 'dpop_htm', on);
    await refuses(dpop(tokenFor({ jkt: client.jkt, 'x5t#S256': sha256('c') }), proof), 'dpop_ath', on);
    const both = tokenFor({ jkt: client.jkt, 'x5t#S256': sha256('c') });
    await refuses(dpop(both, proofFor(client, b.clock, { token: both })), 'binding_mismatch', on);
    expect(added).toEqual([]);
    await accepts(dpop(token, proof), on);
    expect(added).toHaveLength(1);
    expect(added[0]?.[0]).toMatch(/^dpop:[\w-]{43}$/);
    expect(added[0]?.[1]).toBe(70_000);
  });

  it('can not be told without room to remember: 503, and nothing that counts is forgotten (E-22)', async () => {
    const on = bench({ mode: 'accept' });
    const replaySet = createMemoryReplaySet({ maxEntries: 3, clock: on.clock });
    const full = bench({ mode: 'accept' }, { replaySet, clock: on.clock });
    const first = presented();
    for (const request of [first, presented(), presented()]) await accepts(request, full);
    const refusal = await expectRefusal(() => full.authenticator.authenticate(presented()), 'replay_store_down', 503);
    expect(refusal.retryAfterSeconds).toBe(1);
    await refuses(first, 'replay', full);
    on.clock.skip(71_000);
    await accepts({ ...presented({ claims: { iat: on.clock.nowSeconds } }) }, full);
  });

  it('can not be told when the shared store is down: 503 (E-21)', async () => {
    for (const add of [
      () => Promise.reject(new Error('down')),
      (): never => {
        throw new Error('down');
      },
    ]) {
      const on = bench({ mode: 'accept' }, { replaySet: { add } });
      await expectRefusal(() => on.authenticator.authenticate(presented()), 'replay_store_down', 503);
      await accepts(bearer(unbound()), on);
    }
  });

  it('is found by every authenticator with the same replay set (E-21)', async () => {
    const replaySet = createMemoryReplaySet({ maxEntries: 100 });
    const request = presented();
    await accepts(request, bench({ mode: 'accept' }, { replaySet }));
    await refuses(request, 'replay', bench({ mode: 'accept' }, { replaySet }));
  });
});

describe('a nonce', () => {
  const nonceKey = 'shared-by-all-instances-0123456789';

  it('is given out only when one is demanded', () => {
    expect(b.authenticator.dpopNonce()).toBeUndefined();
    expect(bench({ mode: 'off', nonce: true }).authenticator.dpopNonce()).toBeUndefined();
    expect(bench({ mode: 'accept', nonce: true }).authenticator.dpopNonce()).toMatch(/^[\w-]{43}$/);
  });

  it('is demanded of every proof (E-26)', async () => {
    const on = bench({ mode: 'accept', nonce: true });
    await refuses(presented(), 'dpop_nonce_required', on);
    await accepts(presented({ claims: { nonce: on.authenticator.dpopNonce() } }), on);
    await accepts(bearer(unbound()), on);
  });

  it('is asked for again when it is wrong, of another instance or too old (E-27)', async () => {
    const on = bench({ mode: 'accept', nonce: true, nonceLifetimeSeconds: 60 });
    const another = bench({ mode: 'accept', nonce: true });
    const old = on.authenticator.dpopNonce();
    for (const nonce of ['', 'x', null, 1, another.authenticator.dpopNonce(), [old]])
      await refuses(presented({ claims: { nonce } }), 'dpop_nonce', on);
    on.clock.skip(60_000);
    await refuses(presented({ claims: { nonce: old, iat: on.clock.nowSeconds } }), 'dpop_nonce', on);
    await accepts(presented({ claims: { nonce: on.authenticator.dpopNonce(), iat: on.clock.nowSeconds } }), on);
  });

  it('of another instance is accepted when they share a key (E-27)', async () => {
    const one = bench({ mode: 'accept', nonce: true, nonceKey });
    const two = bench({ mode: 'accept', nonce: true, nonceKey });
    await accepts(presented({ claims: { nonce: one.authenticator.dpopNonce() } }), two);
  });

  it('does not make another fault good, and is asked for only when the rest of the proof holds', async () => {
    const on = bench({ mode: 'accept', nonce: true });
    const nonce = on.authenticator.dpopNonce();
    await refuses(presented({ claims: { nonce, htm: 'GET' } }), 'dpop_htm', on);
    await refuses(presented({ claims: { htm: 'GET' } }), 'dpop_htm', on);
    const token = bound();
    await refuses(dpop(token, proofFor(thief, b.clock, { token, claims: { nonce } })), 'binding_mismatch', on);
  });
});
