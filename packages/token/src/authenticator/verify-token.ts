import type { Clock } from '@sallyport/core';
import { checkTokenType } from '../jwt/check-token-type.ts';
import { decodeCompactJws, parseClaims } from '../jwt/decode-jwt.ts';
import { readPrincipal, type ClaimWarning } from '../jwt/read-principal.ts';
import { verifySignature } from '../jwt/verify-signature.ts';
import { selectKey } from '../keys/key-set.ts';
import type { VerificationKey } from '../keys/verification-key.ts';
import { rfc9068 } from '../profile/rfc9068.ts';
import { quote, refuse } from '../refuse.ts';
import type { Issuer } from './issuer.ts';
import type { VerifiedToken } from './principal-cache.ts';

export interface VerifyTokenOptions {
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** Every algorithm some issuer allows. */
  readonly algorithms: ReadonlySet<string>;
  readonly clock: Clock;
  readonly warn: (issuer: Issuer, warning: ClaimWarning) => void;
}

/**
 * Verifies one JWT access token. What needs no cryptography comes first; `iss` is read unverified, only to pick among the configured
 * issuers the one whose algorithms and keys have to bear the token out. Rejects with `Refusal`.
 */
export async function verifyToken(token: string, options: VerifyTokenOptions): Promise<VerifiedToken> {
  const { header, payload } = decodeCompactJws(token);
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !options.algorithms.has(alg))
    throw refuse('alg_not_allowed', 'alg is not allowed', { alg: quote(alg) });

  const claims = parseClaims(payload, 'payload');
  const { iss } = claims;
  const issuer = typeof iss === 'string' ? options.issuers.get(iss) : undefined;
  checkTokenType(header, claims, issuer?.policy.profile ?? rfc9068);
  if (issuer === undefined) throw refuse('iss_unknown', 'iss is not configured', { iss: quote(iss, 256) });
  if (!issuer.algorithms.has(alg))
    throw refuse('alg_not_allowed', 'alg is not allowed for this issuer', { alg: quote(alg) });

  const key = await findKey(issuer, typeof kid === 'string' ? kid : undefined, alg);
  await verifySignature(token, key, alg);
  const nowSeconds = options.clock.now() / 1_000;
  const principal = readPrincipal(claims, issuer.policy, nowSeconds, (warning) => options.warn(issuer, warning));
  return { principal, issuer, key };
}

async function findKey(issuer: Issuer, kid: string | undefined, algorithm: string): Promise<VerificationKey> {
  const held = issuer.keys.current();
  let key = selectKey(held ?? (await issuer.keys.get()), kid, algorithm);
  // Keys that were fetched for this very request are not fetched once more.
  if (key === undefined && held !== undefined) key = selectKey(await issuer.keys.getAfterUnknownKid(), kid, algorithm);
  if (key === undefined) throw refuse('key_not_found', 'the issuer has no key with this kid', { kid: quote(kid) });
  return key;
}
