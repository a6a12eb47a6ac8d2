import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** A JWS algorithm the provider has a key for. */
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

export function isSigningAlgorithm(value: unknown): value is SigningAlgorithm {
  return signingAlgorithms.some((algorithm) => algorithm === value);
}

/** One private key for each algorithm. */
export type SigningKeys = ReadonlyMap<SigningAlgorithm, JWK>;

/**
 * Makes new keys. Each has the thumbprint of its public part (RFC 7638) as `kid`, so that the keys of two providers never share one.
 */
export async function generateSigningKeys(): Promise<SigningKeys> {
  return new Map(await Promise.all(signingAlgorithms.map(async (alg) => [alg, await generateKey(alg)] as const)));
}

/** Makes one new private key, with `alg`, `use` and `kid`. */
export async function generateKey(alg: SigningAlgorithm): Promise<JWK> {
  const jwk = await exportJWK(await privateKey(alg));
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

/** Not through Web Crypto: on Node 20 that warns about Ed25519, whether anybody uses it or not. */
async function privateKey(alg: SigningAlgorithm): Promise<KeyObject> {
  const generate = promisify(generateKeyPair);
  if (alg === 'EdDSA') return (await generate('ed25519')).privateKey;
  if (alg === 'ES256') return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
  return (await generate('rsa', { modulusLength: 2048 })).privateKey;
}
