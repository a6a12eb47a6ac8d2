import { randomBytes, randomUUID } from 'node:crypto';

import { benchClaims } from '../tokens/bench-claims.ts';
import { algorithmOf, encodePart, readPrivateKey, signToken, type SigningKey } from '../tokens/signing-key.ts';
import type { InvalidKind } from './protocol.ts';

/** The reason that the guard must refuse a token for. Anything else voids the measurement. */
export const expectedReason: Readonly<Record<InvalidKind, string>> = {
  garbage: 'malformed_token',
  'unknown-key': 'key_not_found',
  'bad-signature': 'bad_signature',
};

/** Makes the makers of invalid tokens. No maker gives the same token twice, and none has to sign anything. */
export function createInvalidTokens(
  issuer: string,
  signingKey: Pick<SigningKey, 'privatePem'>,
): Readonly<Record<InvalidKind, () => string>> {
  const key = readPrivateKey(signingKey);
  const alg = algorithmOf(key);
  const claims = benchClaims(issuer);
  const payload = encodePart(claims);
  const header = encodePart({ alg, typ: 'at+jwt', kid: alg });
  // The signature of another token: a number that the key could have signed, so that the check goes all the way.
  const signature = signToken(key, { ...claims, jti: randomUUID() }).split('.', 3)[2] ?? '';
  return {
    garbage: () => randomBytes(32).toString('base64url'),
    'unknown-key': () => `${encodePart({ alg, typ: 'at+jwt', kid: randomUUID() })}.${payload}.${signature}`,
    'bad-signature': () => `${header}.${encodePart({ ...claims, jti: randomUUID() })}.${signature}`,
  };
}
