import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/resolve/hash-config.ts';
import { load, loadWith, minimal } from '../support/fixtures.ts';

const hashOf = async (fields: object, env: Record<string, string> = {}): Promise<string> =>
  (await loadWith(fields, env)).hash;

describe('the hash of a configuration', () => {
  it('is equal when the effective values are', async () => {
    const hash = (await load(minimal())).hash;
    expect(await hashOf({ clockSkewSeconds: 30, audit: { mode: 'strict' }, state: {} })).toBe(hash);
    expect(await hashOf({ drift: '${env:DRIFT}' }, { DRIFT: 'error' })).toBe(hash);
    expect(await hashOf({}, { REDIS_URL: 'x', NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBe(hash);
    const reordered = Object.fromEntries(Object.entries(minimal()).reverse());
    expect((await load(reordered)).hash).toBe(hash);
  });

  it('differs when a value differs', async () => {
    const changes = [
      {},
      { clockSkewSeconds: 31 },
      { drift: 'warn' },
      { card: { a: 1 } },
      { card: { a: 2 } },
      { audit: { stream: 'other' } },
      { network: { trustedProxies: 1 } },
      { dpop: { mode: 'accept' } },
      { clientCertificate: {}, network: { trustedProxies: ['10.0.0.1'] } },
      { enterpriseToken: { issuer: 'https://sso.example.com' }, network: { trustedProxies: ['10.0.0.1'] } },
      { revocation: { file: 'x' } },
    ];
    expect(new Set(await Promise.all(changes.map((fields) => hashOf(fields)))).size).toBe(changes.length);
  });

  it('says nothing about secrets', async () => {
    const hash = await hashOf({});
    expect(await hashOf({ audit: { hashKey: 'a' } })).toBe(hash);
    expect(await hashOf({ audit: { hashKey: '${env:KEY}' } }, { KEY: 'b' })).toBe(hash);
    expect(await hashOf({ dpop: { nonceKey: 'a'.repeat(32) } })).toBe(hash);
    expect(await hashOf({ cursorKey: 'a'.repeat(32) })).toBe(hash);
    const opaque = (credential: object): object => ({
      issuers: [
        {
          issuer: 'https://login.example.com',
          tokens: 'opaque',
          introspection: { clientId: 'mcp', clientAuthentication: 'private_key_jwt', privateKey: 'k', ...credential },
        },
      ],
    });
    expect(await hashOf(opaque({ privateKey: 'other', clientSecret: 's' }))).toBe(await hashOf(opaque({})));
    expect(await hashOf(opaque({ clientId: 'other' }))).not.toBe(await hashOf(opaque({})));
    const enterprise = (clientSecret: string): object => ({
      enterpriseToken: {
        issuer: 'https://sso.example.com',
        tokens: 'opaque',
        introspection: { clientId: 'mcp', clientSecret },
      },
      network: { trustedProxies: ['10.0.0.1'] },
    });
    expect(await hashOf(enterprise('a'))).toBe(await hashOf(enterprise('b')));
  });

  it('is SHA-256 over canonical JSON', async () => {
    const { file: _, hash, warnings: __, ...values } = await load(minimal());
    expect(hash).toBe(`sha256:${createHash('sha256').update(canonicalJson(values)).digest('hex')}`);
  });
});

describe('canonicalJson', () => {
  it('keeps the value and forgets the order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }], '10': 1, '9': 2 })).toBe(
      '{"10":1,"9":2,"a":[{"c":"x","d":null}],"b":1}',
    );
  });
});
