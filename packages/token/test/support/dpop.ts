import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import type { PresentedToken } from '../../src/authenticator/presented-token.ts';
import { RESOURCE } from './authentication.ts';
import type { FakeClock } from './fake-clock.ts';
import { createSigningKey, signRaw, type SigningKey, type TestAlgorithm } from './signing-key.ts';

/** A key pair of a client, with its thumbprint as RFC 7638 makes it, by other means than the code under test. */
export interface ClientKey extends Pick<SigningKey, 'algorithm' | 'privateKey' | 'publicKey'> {
  /** Only the members that make the public key. */
  readonly jwk: JsonWebKey;
  readonly jkt: string;
}

export function createClientKey(algorithm: TestAlgorithm = 'ES256'): ClientKey {
  const { privateKey, publicKey } = createSigningKey(algorithm, 'client');
  const jwk = publicKey.export({ format: 'jwk' });
  return { algorithm, privateKey, publicKey, jwk, jkt: thumbprint(jwk) };
}

/** An RSA key that is too short. */
export function createWeakClientKey(): ClientKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const jwk = publicKey.export({ format: 'jwk' });
  return { algorithm: 'RS256', privateKey, publicKey, jwk, jkt: thumbprint(jwk) };
}

function thumbprint({ kty, crv, x, y, n, e }: JsonWebKey): string {
  const members = kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

export function sha256(text: string | Uint8Array, encoding: 'base64url' | 'hex' | 'base64' = 'base64url'): string {
  return createHash('sha256').update(text).digest(encoding);
}

export interface ProofOptions {
  /** The access token `ath` is of. */
  readonly token: string;
  /** Replace or join the claims; `undefined` removes one. */
  readonly claims?: Record<string, unknown>;
  /** The same for the header. */
  readonly header?: Record<string, unknown>;
}

let proofs = 0;

/** A proof that passes, and what a test changes. Every one has a `jti` of its own. */
export function proofFor(key: ClientKey, clock: FakeClock, { token, claims, header }: ProofOptions): string {
  proofs += 1;
  return signRaw(
    { typ: 'dpop+jwt', alg: key.algorithm, jwk: key.jwk, ...header },
    { jti: `proof-${proofs}`, htm: 'POST', htu: RESOURCE, iat: clock.nowSeconds, ath: sha256(token), ...claims },
    key,
  );
}

/** A token as a request presents it in `Authorization: DPoP`. */
export function dpop(token: string, ...lines: readonly string[]): PresentedToken {
  return { scheme: 'dpop', token, method: 'POST', proofs: lines };
}
