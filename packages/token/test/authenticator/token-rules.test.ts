import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Reason, Refusal } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';
import {
  bearer,
  ALGORITHMS,
  claimsFor,
  createBench,
  headerFor,
  mint,
  RESOURCE,
  type Bench,
} from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey, segment, type SigningKey, type TokenPart } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const rs = createSigningKey('RS256', 'rs');
const ps = createSigningKey('PS256', 'ps');
const es = createSigningKey('ES256', 'es');
const ed = createSigningKey('EdDSA', 'ed');
const all = [rs, ps, es, ed];
const anyAlg = createSigningKey('RS256', 'any-alg');
const encryption = createSigningKey('RS256', 'enc');
const shared1 = createSigningKey('ES256', 'shared');
const shared2 = createSigningKey('ES256', 'shared');
const stranger = createSigningKey('ES256', 'es');
const weak = (() => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return {
    algorithm: 'RS256' as const,
    kid: 'weak',
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256', use: 'sig' },
  };
})();
const smallOrder = { ...ed.jwk, kid: 'small', x: Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url') };

let issuer: TestIssuer;
let b: Bench;
beforeAll(async () => {
  issuer = await startTestIssuer([
    ...all.map((key) => key.jwk),
    { ...anyAlg.jwk, alg: undefined },
    { ...encryption.jwk, use: 'enc' },
    shared1.jwk,
    shared2.jwk,
    weak.jwk,
    smallOrder,
  ]);
  b = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }] });
});
afterAll(async () => {
  b.authenticator.close();
  await issuer.close();
});

function good(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return claimsFor(issuer, b.clock, changes);
}

async function accepts(token: string, bench = b): Promise<unknown> {
  return bench.authenticator.authenticate(bearer(token));
}

async function refuses(token: string, reason: Reason, httpStatus = 401, bench = b): Promise<Refusal> {
  return expectRefusal(() => bench.authenticator.authenticate(bearer(token)), reason, httpStatus);
}

/** A token whose payload is changed and properly signed. */
function signed(changes: Record<string, unknown>, header: Record<string, unknown> = {}, key: SigningKey = es): string {
  return mint(key, good(changes), headerFor(key, header));
}

function unsigned(header: TokenPart, signature = ''): string {
  return `${segment(header)}.${segment(good())}.${signature}`;
}

/** Another authenticator over the same issuer. */
function other(options: Partial<IssuerOptions>, resource = RESOURCE): Bench {
  return createBench({ resource, issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS, ...options }] });
}

describe('a good token', () => {
  it('gives the frozen principal of its claims', async () => {
    const principal = await accepts(signed({ act: { sub: 'agent', iss: 'https://agents.example' } }));
    expect(principal).toEqual({
      issuer: issuer.url,
      subject: 'user-1',
      clientId: 'client-1',
      scopes: ['notes:read', 'echo:call'],
      tenant: null,
      groups: [],
      roles: [],
      actors: [{ subject: 'agent', issuer: 'https://agents.example' }],
      proof: 'jwt',
      tokenId: 'jti-1',
      sessionId: null,
      issuedAt: b.clock.nowSeconds - 10,
      expiresAt: b.clock.nowSeconds + 300,
      acr: null,
      amr: [],
      authTime: null,
    });
    expect(Object.isFrozen(principal)).toBe(true);
    expect(Object.isFrozen((principal as { scopes: unknown }).scopes)).toBe(true);
  });

  // @verifies TOKEN-9068-RS256, TOKEN-9068-SIGNATURE
  it('is accepted with every algorithm, as jose signs it', async () => {
    for (const key of all) {
      const jose = await new SignJWT(good({ jti: key.kid }))
        .setProtectedHeader(headerFor(key) as never)
        .sign(key.privateKey);
      expect(await accepts(jose)).toMatchObject({ tokenId: key.kid });
      expect(await accepts(mint(key, good({ jti: `${key.kid}-raw` })))).toMatchObject({ tokenId: `${key.kid}-raw` });
    }
  });

  // @verifies TOKEN-7515-TYP
  it('may name its type in full and in any case (B-22)', async () => {
    for (const typ of ['application/at+jwt', 'AT+JWT', 'Application/At+Jwt', 'at+jwt'])
      expect(await accepts(signed({}, { typ }))).toBeDefined();
  });

  it('may have fractions in its times (B-45) and an audience list with others (B-29)', async () => {
    expect(await accepts(signed({ exp: b.clock.nowSeconds + 300.5 }))).toBeDefined();
    expect(await accepts(signed({ aud: [RESOURCE, 'https://other-rs'] }))).toBeDefined();
    expect(
      b.log.filter(({ fields }) => Reflect.get(fields, 'event') === 'sallyport.issuer.tokens_for_others'),
    ).toHaveLength(1);
  });

  it('may lack a jti, which is logged once (B-89)', async () => {
    expect(await accepts(signed({ jti: undefined }))).toMatchObject({ tokenId: null });
    expect(await accepts(signed({ jti: undefined, sub: 'user-2' }))).toMatchObject({ tokenId: null });
    expect(
      b.log.filter(({ fields }) => Reflect.get(fields, 'event') === 'sallyport.issuer.tokens_without_id'),
    ).toHaveLength(1);
  });

  it('may name its client azp', async () => {
    expect(await accepts(signed({ client_id: undefined, azp: 'client-2' }))).toMatchObject({ clientId: 'client-2' });
    expect(await accepts(signed({ client_id: 'client-1', azp: 'client-2' }))).toMatchObject({ clientId: 'client-1' });
  });
});

describe('the algorithm', () => {
  // @verifies TOKEN-7519-UNSECURED, TOKEN-7515-ALG, TOKEN-9068-SIGNATURE
  it('none is refused in every spelling (B-01)', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, ['RS256'], { RS256: 1 }, 1]) {
      await refuses(unsigned({ alg, typ: 'at+jwt' }), 'alg_not_allowed');
      await refuses(unsigned({ alg, typ: 'at+jwt', kid: 'rs' }, 'c2ln'), 'alg_not_allowed');
    }
  });

  // @verifies TOKEN-8725-APPROPRIATE, TOKEN-7515-ACCEPTABLE-ALG
  it('HS256 with a public key as secret is refused, in every form of the key (B-02, B-03)', async () => {
    const pem = rs.publicKey.export({ format: 'pem', type: 'spki' }) as string;
    const secrets = [
      pem,
      ` ${pem}`,
      `\n${pem}`,
      pem.trim(),
      rs.publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(rs.jwk),
      '',
    ];
    for (const secret of secrets) {
      const input = `${segment({ alg: 'HS256', typ: 'at+jwt', kid: 'rs' })}.${segment(good())}`;
      const mac = createHmac('sha256', secret).update(input).digest('base64url');
      await refuses(`${input}.${mac}`, 'alg_not_allowed');
    }
  });

  // @verifies TOKEN-8725-ALGORITHMS, TOKEN-7515-ACCEPTABLE-ALG
  it('must be on the list of the issuer, whatever the key could do (B-05)', async () => {
    for (const alg of [
      'RS1',
      'ES256K',
      'RS384',
      'ES512',
      'HS512',
      'dir',
      'A128KW',
      '__proto__',
      'constructor',
      'Ed25519',
    ]) {
      await refuses(mint(anyAlg, good(), headerFor(anyAlg, { alg })), 'alg_not_allowed');
    }
    const onlyRs256 = other({ algorithms: ['RS256'] });
    const token = mint({ ...anyAlg, algorithm: 'PS256' }, good(), headerFor(anyAlg, { alg: 'PS256' }));
    expect(await accepts(token)).toBeDefined();
    await refuses(token, 'alg_not_allowed', 401, onlyRs256);
  });

  it('is judged by the list of its own issuer, not of another', async () => {
    const two = createBench({
      issuers: [
        { issuer: issuer.url, algorithms: ['RS256'] },
        { issuer: 'https://other.example', algorithms: ['ES256'] },
      ],
    });
    await refuses(signed({}), 'alg_not_allowed', 401, two);
  });

  // @verifies TOKEN-8725-ONE-ALGORITHM, TOKEN-7517-ALG
  it('must be the one its key is kept for (B-06)', async () => {
    await refuses(mint({ ...rs, algorithm: 'PS256' }, good(), headerFor(rs, { alg: 'PS256' })), 'alg_not_allowed');
  });
});

describe('the type', () => {
  // @verifies TOKEN-9068-TYP
  it('must be named (B-21)', async () => {
    for (const typ of [
      undefined,
      null,
      1,
      ['at+jwt'],
      {},
      '',
      'JWT',
      'jwt',
      'at+jwt ',
      'text/at+jwt',
      'application/application/at+jwt',
    ]) {
      await refuses(signed({}, { typ }), 'typ_mismatch');
    }
  });

  // @verifies TOKEN-8725-EXCLUSIVE
  it('of an ID token is refused, with and without a typ header (B-23)', async () => {
    const idToken = { aud: 'client-1', nonce: 'n', at_hash: 'h', client_id: undefined, azp: 'client-1' };
    for (const typ of ['JWT', undefined, 'at+jwt']) await refuses(signed(idToken, { typ }), 'token_type_confusion');
    for (const claim of ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'])
      await refuses(signed({ [claim]: 'x' }), 'token_type_confusion');
    await refuses(signed({ nonce: null }), 'token_type_confusion');
  });

  // @verifies TOKEN-8725-TYPING, TOKEN-8725-EXCLUSIVE, TOKEN-9068-TYP
  it('of every other kind of JWT is refused (B-25)', async () => {
    for (const typ of [
      'logout+jwt',
      'secevent+jwt',
      'dpop+jwt',
      'token-introspection+jwt',
      'oauth-authz-req+jwt',
      'vc+sd-jwt',
      'client-authentication+jwt',
      'JOSE',
    ]) {
      await refuses(signed({}, { typ }), 'typ_mismatch');
      await refuses(signed({ events: {} }, { typ }), 'typ_mismatch');
    }
    const proof = { htu: RESOURCE, htm: 'POST', jti: 'p', iat: b.clock.nowSeconds };
    await refuses(mint(stranger, proof, { alg: 'ES256', typ: 'dpop+jwt', jwk: stranger.jwk }), 'typ_mismatch');
    await refuses(signed({ iss: 'client-1', sub: 'client-1' }, { typ: 'JWT' }), 'typ_mismatch');
  });

  // @verifies TOKEN-8725-EXCLUSIVE
  it('in the payload must not say another kind of token (B-26)', async () => {
    for (const typ of ['Refresh', 'Offline', 'ID', 'Logout', 'refresh', 1, null]) {
      await refuses(signed({ typ }), 'token_type_confusion');
      await refuses(signed({ typ }, { typ: 'JWT' }), 'token_type_confusion');
    }
    await refuses(signed({ token_use: 'id' }), 'token_type_confusion');
    expect(await accepts(signed({ typ: 'Bearer' }))).toBeDefined();
    expect(await accepts(signed({ token_use: 'access' }))).toBeDefined();
  });
});

describe('the key', () => {
  // @verifies TOKEN-9068-KEYS, TOKEN-8725-UNTRUSTED-CLAIMS
  it('is never taken from the token (B-10)', async () => {
    await refuses(
      mint(stranger, good(), headerFor(stranger, { jwk: stranger.jwk, x5c: ['MIIB'], 'x5t#S256': 'x' })),
      'bad_signature',
    );
  });

  // @verifies TOKEN-8725-UNTRUSTED-CLAIMS
  it('id may be hostile: it finds nothing, and is cut in the note (B-15)', async () => {
    for (const kid of [
      '../../../../dev/null',
      "' UNION SELECT 1",
      '|id',
      'http://169.254.169.254/',
      '%00',
      '\u0000',
      '__proto__',
      'constructor',
      '',
      'k'.repeat(7_000),
    ]) {
      const refusal = await refuses(mint(es, good(), headerFor(es, { kid })), 'key_not_found');
      expect(JSON.stringify(refusal.detail).length).toBeLessThan(200);
    }
    await refuses(mint(es, good(), JSON.stringify(headerFor(es)).replace('"es"', '"\\ud800"')), 'malformed_token');
  });

  it('must be clear when the token names none (B-17), and no two may share an id (B-18)', async () => {
    await refuses(mint(es, good(), headerFor(es, { kid: undefined })), 'key_not_found');
    await refuses(mint(shared1, good()), 'key_not_found');
    await refuses(mint(shared2, good()), 'key_not_found');
  });

  // @verifies TOKEN-7517-USE
  it('must be for signatures (B-19)', async () => {
    await refuses(mint(encryption, good()), 'key_not_found');
  });

  // @verifies TOKEN-7518-RSA-SIZE, TOKEN-8725-KEY-STRENGTH
  it('must be strong: RSA with 1024 bits is refused before any cryptography (B-74)', async () => {
    await refuses(mint(weak, good()), 'weak_key');
  });

  // @verifies TOKEN-8725-ISSUER-KEYS
  it('of another issuer with the same id does not verify (B-37)', async () => {
    const keyA = createSigningKey('ES256', '1');
    const keyB = createSigningKey('ES256', '1');
    const [issuerA, issuerB] = await Promise.all([startTestIssuer([keyA.jwk]), startTestIssuer([keyB.jwk])]);
    const two = createBench({
      issuers: [issuerA, issuerB].map(({ url }) => ({ issuer: url, algorithms: ALGORITHMS })),
    });
    expect(await accepts(mint(keyA, claimsFor(issuerA, two.clock)), two)).toMatchObject({ issuer: issuerA.url });
    expect(await accepts(mint(keyB, claimsFor(issuerB, two.clock)), two)).toMatchObject({ issuer: issuerB.url });
    await refuses(mint(keyB, claimsFor(issuerA, two.clock)), 'bad_signature', 401, two);
    await refuses(mint(keyA, claimsFor(issuerB, two.clock)), 'bad_signature', 401, two);
    two.authenticator.close();
    await Promise.all([issuerA.close(), issuerB.close()]);
  });
});

describe('the signature', () => {
  // @verifies TOKEN-7518-SIGNATURE-FORM, TOKEN-7515-SIGNATURE
  it('must be there, whole and of the form of its algorithm (B-71)', async () => {
    const [header = '', payload = '', signature = ''] = mint(es, good()).split('.');
    const raw = Buffer.from(signature, 'base64url');
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    const r = raw.subarray(0, 32);
    const s = raw.subarray(32);
    const zero = Buffer.alloc(32);
    const der = createDer(r, s);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(64),
      Buffer.concat([zero, s]),
      Buffer.concat([r, zero]),
      Buffer.concat([order, s]),
      raw.subarray(0, 63),
      Buffer.concat([raw, zero.subarray(0, 1)]),
      der,
    ]) {
      await refuses(`${header}.${payload}.${bytes.toString('base64url')}`, 'bad_signature');
    }
  });

  // @verifies TOKEN-7518-SIGNATURE-FORM, TOKEN-8725-INPUTS
  it('of Ed25519 must be canonical, and a key of small order proves nothing (B-73)', async () => {
    const [header = '', payload = '', signature = ''] = mint(ed, good()).split('.');
    const raw = Buffer.from(signature, 'base64url');
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(raw.subarray(32)).reverse().toString('hex')}`) + order;
    const shifted = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    await refuses(
      `${header}.${payload}.${Buffer.concat([raw.subarray(0, 32), shifted]).toString('base64url')}`,
      'bad_signature',
    );
    const identity = Buffer.concat([Buffer.from(`01${'00'.repeat(31)}`, 'hex'), Buffer.alloc(32)]);
    await refuses(
      `${segment(headerFor(ed, { kid: 'small' }))}.${payload}.${identity.toString('base64url')}`,
      'bad_signature',
    );
  });

  // @verifies TOKEN-7515-SIGNATURE
  it('covers the payload: a changed claim under an old signature is refused, also after the token was cached (B-82)', async () => {
    const token = signed({ sub: 'user-a' });
    await accepts(token);
    const [header = '', , signature = ''] = token.split('.');
    await refuses(`${header}.${segment(good({ sub: 'user-b' }))}.${signature}`, 'bad_signature');
    await refuses(`${segment(headerFor(es, { extra: 1 }))}.${token.split('.')[1]}.${signature}`, 'bad_signature');
  });
});

describe('the issuer', () => {
  // @verifies TOKEN-9068-ISS, TOKEN-7519-COMPARE, TOKEN-9068-CLAIMS
  it('must be one of the configured, byte for byte (B-35, B-38, B-39, B-66)', async () => {
    for (const iss of [
      `${issuer.url}/`,
      issuer.url.toUpperCase(),
      `${issuer.url}:es`,
      ` ${issuer.url}`,
      '',
      null,
      undefined,
      1,
      [issuer.url],
      { iss: issuer.url },
      'https://login.example/{tenantid}/v2.0',
    ]) {
      await refuses(signed({ iss }), 'iss_unknown');
    }
  });
});

describe('the audience', () => {
  // @verifies TOKEN-9068-AUD, TOKEN-7519-AUD, TOKEN-9068-CLAIMS
  it('must be the resource (B-30 to B-34)', async () => {
    for (const aud of [
      'https://mcp.example.com/other',
      'https://mcp.example.com',
      `${RESOURCE}/`,
      'client-1',
      'api://us',
      [],
      [[RESOURCE]],
      { us: 1 },
      1,
      true,
      null,
      undefined,
    ]) {
      await refuses(signed({ aud }), 'aud_mismatch');
    }
  });

  it('may be configured, and then replaces the resource (B-34)', async () => {
    const entra = other({ audience: ['6f1c'] });
    expect(await accepts(signed({ aud: '6f1c' }), entra)).toBeDefined();
    await refuses(signed({}), 'aud_mismatch', 401, entra);
  });

  it('must name nobody else with strictAudience (B-29)', async () => {
    const strict = other({ strictAudience: true });
    await refuses(signed({ aud: [RESOURCE, 'https://other-rs'] }), 'aud_mismatch', 401, strict);
    expect(await accepts(signed({ aud: [RESOURCE] }), strict)).toBeDefined();
  });

  it('of a resource without a path has two spellings', async () => {
    const pathless = other({}, 'https://mcp.example.com');
    expect(await accepts(signed({ aud: 'https://mcp.example.com/' }), pathless)).toBeDefined();
  });
});

describe('the times', () => {
  // @verifies TOKEN-9068-EXP, TOKEN-9068-CLAIMS
  it('must be right (B-41 to B-49)', async () => {
    const now = b.clock.nowSeconds;
    await refuses(signed({ exp: undefined }), 'exp_missing');
    for (const exp of [now - 31, 0, -1]) await refuses(signed({ exp }), 'expired');
    for (const exp of [String(now + 300), null, true, {}, now * 1_000])
      await refuses(signed({ exp }), 'malformed_token');
    await refuses(
      mint(es, JSON.stringify(good({ exp: 12345 })).replace('12345', '1e999'), headerFor(es)),
      'malformed_token',
    );
    for (const nbf of [now + 31, '1']) await refuses(signed({ nbf }), 'not_yet_valid');
    await refuses(signed({ iat: now + 31 }), 'not_yet_valid');
    for (const iat of [undefined, String(now)]) await refuses(signed({ iat }), 'malformed_token');
    expect(await accepts(signed({ exp: now - 29, iat: now - 300 }))).toBeDefined();
  });
});

describe('who it is about', () => {
  // @verifies TOKEN-8725-SUBJECT, TOKEN-9068-CLAIMS
  it('must be a printable sub of reasonable length (B-62)', async () => {
    for (const sub of [
      undefined,
      '',
      1,
      {},
      [],
      null,
      true,
      'a'.repeat(256),
      'a'.repeat(5_000),
      'a\r\nb',
      'a\u0000',
      'a\u007f',
      'a\u0085',
    ]) {
      await refuses(signed({ sub }), 'malformed_token');
    }
    await refuses(
      mint(es, JSON.stringify(good({ sub: 'SUB' })).replace('SUB', '\\ud800'), headerFor(es)),
      'malformed_token',
    );
    expect(await accepts(signed({ sub: 'ü'.repeat(255) }))).toMatchObject({ subject: 'ü'.repeat(255) });
  });

  // @verifies TOKEN-9068-CLAIMS
  it('must name a client (B-51)', async () => {
    for (const clientId of [undefined, '', 1, ['client-1'], 'a\nb', 'a'.repeat(256)])
      await refuses(signed({ client_id: clientId }), 'malformed_token');
    await refuses(signed({ client_id: null, azp: 'client-1' }), 'malformed_token');
  });

  it('must be a client that is allowed, else 403 without a hint (B-90)', async () => {
    const closed = other({ allowedClients: ['client-7'] });
    const refusal = await refuses(signed({}), 'client_not_allowed', 403, closed);
    expect(refusal.detail).toMatchObject({ clientId: 'client-1' });
    expect(await accepts(signed({ client_id: 'client-7' }), closed)).toMatchObject({ clientId: 'client-7' });
    await refuses(signed({ client_id: 'CLIENT-7' }), 'client_not_allowed', 403, closed);
  });

  it('may be acted for, by a chain that can be recorded (B-87)', async () => {
    expect(await accepts(signed({ act: { sub: 'a', act: { sub: 'b' } } }))).toMatchObject({
      actors: [{ subject: 'a' }, { subject: 'b' }],
    });
    for (const act of ['a', null, {}, { sub: 1 }]) await refuses(signed({ act }), 'malformed_token');
  });

  // @verifies TOKEN-7519-JTI
  it('has a jti that is a short string or none (B-89)', async () => {
    for (const jti of [1, null, '', 'j'.repeat(257), ['j'], 'j'.repeat(5_000)])
      await refuses(signed({ jti }), 'malformed_token');
  });
});

describe('a bound token', () => {
  it('is refused as a bearer token (E-01)', async () => {
    for (const cnf of [{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}, null, 'x'])
      await refuses(signed({ cnf }), 'binding_mismatch');
    await refuses(signed({ typ: 'DPoP' }), 'binding_mismatch');
  });
});

describe('the scopes', () => {
  async function scopes(scope: unknown): Promise<unknown> {
    return ((await accepts(signed({ scope }))) as { scopes: unknown }).scopes;
  }

  // @verifies TOKEN-9068-SCOPE
  it('are split at single spaces only, once each (B-53, B-55)', async () => {
    expect(await scopes('a b')).toEqual(['a', 'b']);
    expect(await scopes('  a   b a ')).toEqual(['a', 'b']);
    expect(await scopes('a\tb')).toEqual(['a\tb']);
    expect(await scopes('a,b')).toEqual(['a,b']);
    expect(await scopes('notes:read-only')).toEqual(['notes:read-only']);
    expect(await scopes('files:wrіte')).toEqual(['files:wrіte']);
    expect(await scopes('')).toEqual([]);
  });

  // @verifies TOKEN-9068-SCOPE
  it('of another type are no scopes (B-54)', async () => {
    for (const scope of [['a', 'b'], { a: 1 }, true, 1, null, undefined]) expect(await scopes(scope)).toEqual([]);
  });

  it('come from one claim, and never from the prototype of the claims (B-57, B-59, B-63)', async () => {
    const text = JSON.stringify(good({ scope: undefined, scp: ['a'], roles: ['b'], permissions: ['c'] }));
    const token = mint(es, text.replace('{', '{"__proto__":{"scope":"admin","sub":"root"},'), headerFor(es));
    expect(await accepts(token)).toMatchObject({ scopes: [], subject: 'user-1' });
  });
});

describe('the structure', () => {
  it('is checked before anything else (B-11 to B-14, B-65, B-67, B-69, B-77 to B-79)', async () => {
    const token = signed({});
    for (const bad of [
      `${token}.`,
      ` ${token}`,
      `${token}\n`,
      `${token}=`,
      token.replace('.', '..'),
      `${token}.${token}`,
      'opaque-token',
      'a.b.c',
      '',
    ]) {
      await refuses(bad, 'malformed_token');
    }
    for (const header of [{ crit: ['exp'] }, { b64: false }, { zip: 'DEF' }, { cty: 'JWT' }, { enc: 'A256GCM' }])
      await refuses(signed({}, header), 'malformed_token');
    for (const payload of ['[]', 'null', '"x"', '\ufeff{}', '{"sub":1,"sub":2}', Buffer.from([0x7b, 0xff])]) {
      await refuses(mint(es, payload, headerFor(es)), 'malformed_token');
    }
    await refuses(mint(es, `${JSON.stringify(good())} x`, headerFor(es)), 'malformed_token');
    expect(await accepts(mint(es, ` ${JSON.stringify(good())}\n`, headerFor(es)))).toBeDefined();
  });

  it('is not even looked at above 16 KiB (I-09)', async () => {
    await refuses('a.'.repeat(10_000), 'token_too_large');
  });
});

describe('a refusal', () => {
  // @verifies TOKEN-MCP-NO-STORAGE
  it('shows neither the token nor text of a library', async () => {
    const refusal = await refuses(mint(stranger, good()), 'bad_signature');
    expect(refusal.message).toBe('The access token is not acceptable here. Request a new one for this resource.');
    const token = signed({ sub: '' });
    const told = JSON.stringify(await refuses(token, 'malformed_token'));
    for (const part of token.split('.')) expect(told).not.toContain(part);
  });
});

/** DER form of an ECDSA signature, which JWS does not use (RFC 7518 §3.4). */
function createDer(r: Buffer, s: Buffer): Buffer {
  const integer = (value: Buffer): Buffer => Buffer.concat([Buffer.from([2, 33, 0]), value]);
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

it('the keys of these tests are what their names say', () => {
  expect(
    createPublicKey(weak.publicKey.export({ format: 'pem', type: 'spki' })).asymmetricKeyDetails?.modulusLength,
  ).toBe(1024);
});
