import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { expect, test } from 'vitest';

import { createSigningKey, joinKeySets, publicJwk, readPrivateKey, signToken } from '../../src/tokens/signing-key.ts';

test.each(['ES256', 'RS256', 'EdDSA'] as const)(
  'A token that is signed by hand with %s is verified with the public key set.',
  async (algorithm) => {
    const key = createSigningKey(algorithm);
    const token = signToken(readPrivateKey(key), { sub: 'bench', exp: Math.floor(Date.now() / 1000) + 60 });
    const keys = createLocalJWKSet(JSON.parse(key.jwks) as JSONWebKeySet);
    const { payload, protectedHeader } = await jwtVerify(token, keys, { typ: 'at+jwt', algorithms: [algorithm] });
    expect([payload.sub, protectedHeader.kid]).toEqual(['bench', algorithm]);
  },
);

test('The key set has no private part.', () => {
  const key = createSigningKey();
  expect(key.jwks).not.toContain('"d"');
  expect(publicJwk(readPrivateKey(key))).not.toHaveProperty('d');
});

test('Key sets are joined into one.', () => {
  const joined = joinKeySets([createSigningKey('ES256'), createSigningKey('EdDSA')]);
  expect((JSON.parse(joined) as JSONWebKeySet).keys.map(({ kid }) => kid)).toEqual(['ES256', 'EdDSA']);
});
