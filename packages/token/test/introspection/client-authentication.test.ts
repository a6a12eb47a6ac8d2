import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SetupError } from '@sallyport/core';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClientAuthentication } from '../../src/introspection/client-authentication.ts';
import type { IntrospectionOptions } from '../../src/introspection/introspection-options.ts';
import { bearer } from '../support/authentication.ts';
import { opaqueBench, startIntrospectionIssuer, type IntrospectionIssuer } from '../support/introspection-issuer.ts';

let issuer: IntrospectionIssuer;
beforeAll(async () => {
  issuer = await startIntrospectionIssuer();
});
afterAll(() => issuer.close());

function pem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;

/** The client assertion that this server sends, verified, and its header. */
async function assertionWith(introspection: Omit<IntrospectionOptions, 'clientId'>, key: KeyObject) {
  const b = opaqueBench(issuer, { introspection: { clientId: 'mcp', ...introspection } });
  await b.authenticator.authenticate(bearer('t'));
  b.authenticator.close();
  const form = issuer.questions.at(-1)?.form;
  expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  expect(form?.get('token')).toBe('t');
  const assertion = form?.get('client_assertion') ?? '';
  const { payload } = await jwtVerify(assertion, createPublicKey(key), {
    issuer: 'mcp',
    subject: 'mcp',
    audience: issuer.url,
  });
  return { header: decodeProtectedHeader(assertion), payload };
}

describe('private_key_jwt', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', p256],
    ['ES512', p521],
    ['Ed25519', ed25519],
  ] as const)('signs with %s, the algorithm of the key (RFC 7523 §3)', async (alg, key) => {
    const { header, payload } = await assertionWith({ privateKey: pem(key), keyId: 'mcp-2026' }, key);
    expect(header).toMatchObject({ alg, kid: 'mcp-2026' });
    expect(payload.jti).toBeTypeOf('string');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300);
  });

  it('takes algorithm and key id of a JWK', async () => {
    const jwk = { ...rsa.export({ format: 'jwk' }), alg: 'PS256', kid: 'from-jwk' };
    expect((await assertionWith({ privateKey: JSON.stringify(jwk) }, rsa)).header).toMatchObject({
      alg: 'PS256',
      kid: 'from-jwk',
    });
    expect((await assertionWith({ privateKey: JSON.stringify(jwk), keyId: 'mine' }, rsa)).header).toMatchObject({
      kid: 'mine',
    });
  });

  it('uses another assertion for every question', async () => {
    const { payload: first } = await assertionWith({ privateKey: pem(p256) }, p256);
    const { payload: second } = await assertionWith({ privateKey: pem(p256) }, p256);
    expect(second.jti).not.toBe(first.jti);
  });

  it('is used where both credentials are there and the configuration says so', async () => {
    const { header } = await assertionWith(
      { privateKey: pem(p256), clientSecret: 's', clientAuthentication: 'private_key_jwt' },
      p256,
    );
    expect(header.alg).toBe('ES256');
  });
});

describe('the credentials of this server', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const wrong: [what: string, options: Omit<IntrospectionOptions, 'clientId'>][] = [
    ['are missing', {}],
    ['are two, and nobody says which one', { clientSecret: 's', privateKey: pem(p256) }],
    ['are a secret, but a key is asked for', { clientSecret: 's', clientAuthentication: 'private_key_jwt' }],
    ['are a key, but a secret is asked for', { privateKey: pem(p256), clientAuthentication: 'client_secret_post' }],
    ['are an empty secret', { clientSecret: '' }],
    ['are no key', { privateKey: 'do not show this' }],
    ['are a broken JWK', { privateKey: '{"kty":"EC","d":"do not show this"}' }],
    ['are a public key', { privateKey: createPublicKey(p256).export({ format: 'pem', type: 'spki' }).toString() }],
    ['are a weak key', { privateKey: pem(weak) }],
    ['are a key that can not sign', { privateKey: pem(generateKeyPairSync('x25519').privateKey) }],
    [
      'are on a curve nobody has',
      { privateKey: pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey) },
    ],
  ];

  it.each(wrong)('stop the start when they %s', (_what, options) => {
    let problem: unknown;
    try {
      createClientAuthentication({ clientId: 'mcp', ...options }, 'issuers[0].introspection');
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(SetupError);
    expect((problem as SetupError).field).toMatch(/^issuers\[0\]\.introspection/);
    expect(String(problem)).not.toContain('do not show this');
    expect(String(problem).split('\n')).toHaveLength(1);
  });
});
