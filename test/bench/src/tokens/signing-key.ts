import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

/** A claim set, or any other part of a token. */
export type TokenPart = Readonly<Record<string, unknown>>;

export type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

/** The key of the issuer of this run, as it travels to the processes that sign with it. */
export interface SigningKey {
  readonly privatePem: string;
  /** The public key set, as JSON. */
  readonly jwks: string;
}

/** Makes a key for one run. */
export function createSigningKey(algorithm: Algorithm = 'ES256'): SigningKey {
  const privateKey = generate(algorithm);
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    jwks: JSON.stringify({ keys: [{ ...publicJwk(privateKey), kid: algorithm, alg: algorithm, use: 'sig' }] }),
  };
}

function generate(algorithm: Algorithm): KeyObject {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    case 'EdDSA':
      return generateKeyPairSync('ed25519').privateKey;
  }
}

/** Reads the key back, for `signToken`. */
export function readPrivateKey(key: Pick<SigningKey, 'privatePem'>): KeyObject {
  return createPrivateKey(key.privatePem);
}

/** The public half of a private key, with nothing but the key in it. */
export function publicJwk(key: KeyObject): JsonWebKey {
  return createPublicKey(key).export({ format: 'jwk' });
}

/**
 * Signs an access token (RFC 9068), or with another header something else. By hand, because thousands are needed before
 * each round.
 */
export function signToken(key: KeyObject, claims: TokenPart, header?: TokenPart): string {
  const alg = algorithmOf(key);
  const content = `${encodePart({ alg, ...(header ?? { typ: 'at+jwt', kid: alg }) })}.${encodePart(claims)}`;
  const digest = alg === 'EdDSA' ? null : 'sha256';
  const signature = sign(digest, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

export function algorithmOf(key: KeyObject): Algorithm {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return 'RS256';
    case 'ed25519':
      return 'EdDSA';
    default:
      return 'ES256';
  }
}

/** A segment of a compact JWS. */
export function encodePart(part: TokenPart): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** One public key set of several keys, as JSON. */
export function joinKeySets(keys: readonly Pick<SigningKey, 'jwks'>[]): string {
  return JSON.stringify({ keys: keys.flatMap(({ jwks }) => (JSON.parse(jwks) as { keys: unknown[] }).keys) });
}
