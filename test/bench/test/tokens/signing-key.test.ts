import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { expect, test } from 'vitest';

import { createSigningKey, readPrivateKey, signToken } from '../../src/tokens/signing-key.ts';

test('A token that is signed by hand is verified with the public key set.', async () => {
  const key = createSigningKey();
  const token = signToken(readPrivateKey(key), { sub: 'bench', exp: Math.floor(Date.now() / 1000) + 60 });
  const keys = createLocalJWKSet(JSON.parse(key.jwks) as JSONWebKeySet);
  const { payload, protectedHeader } = await jwtVerify(token, keys, { typ: 'at+jwt', algorithms: ['ES256'] });
  expect([payload.sub, protectedHeader.kid]).toEqual(['bench', 'bench']);
});

test('The key set has no private part.', () => {
  expect(createSigningKey().jwks).not.toContain('"d"');
});
