import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A claim set, or any other part of a token. */
export type TokenPart = Readonly<Record<string, unknown>>;

/** The key of the issuer of this run, as it travels to the load generator. */
export interface SigningKey {
  readonly privatePem: string;
  /** The public key set, as JSON. */
  readonly jwks: string;
}

const kid = 'bench';

/** Makes an ES256 key for one run. */
export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    jwks: JSON.stringify({ keys: [jwk] }),
  };
}

/** Reads the key back, for `signToken`. */
export function readPrivateKey(key: Pick<SigningKey, 'privatePem'>): KeyObject {
  return createPrivateKey(key.privatePem);
}

/** Signs an access token (RFC 9068). By hand, because thousands are needed before each round. */
export function signToken(key: KeyObject, claims: TokenPart): string {
  const content = `${encode({ alg: 'ES256', typ: 'at+jwt', kid })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

function encode(part: TokenPart): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
