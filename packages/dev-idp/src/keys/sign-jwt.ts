import { CompactSign, importJWK } from 'jose';
import type { SigningAlgorithm, SigningKeys } from './signing-keys.ts';

export interface SignJwtOptions {
  readonly algorithm: SigningAlgorithm;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Signs any claims under any header. The header names the key, unless it says something else itself. */
export async function signJwt(keys: SigningKeys, { algorithm, header, claims }: SignJwtOptions): Promise<string> {
  const jwk = keys.get(algorithm);
  if (jwk?.kid === undefined) throw new TypeError(`dev IdP: there is no key for ${algorithm}`);
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ kid: jwk.kid, ...header, alg: algorithm })
    .sign(await importJWK(jwk, algorithm));
}
