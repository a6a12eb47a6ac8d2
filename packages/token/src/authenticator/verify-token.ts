import type { Clock } from '@sallyport/core';
import { checkTokenType } from '../jwt/check-token-type.ts';
import { decodeCompactJws, parseClaims } from '../jwt/decode-jwt.ts';
import { readPrincipal } from '../jwt/read-principal.ts';
import { verifySignature } from '../jwt/verify-signature.ts';
import { findKey } from '../keys/find-key.ts';
import type { VerificationKey } from '../keys/verification-key.ts';
import type { IssuerProfile } from '../profile/issuer-profile.ts';
import { issuerOfTenant } from '../profile/tenant-template.ts';
import { quote, refuse } from '../refuse.ts';
import type { Issuer } from './issuer.ts';
import type { VerifiedToken } from './verified-token.ts';

export interface VerifyTokenOptions {
  /** By `iss`. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** Every algorithm some issuer allows. */
  readonly algorithms: ReadonlySet<string>;
  /** Says what a token of no known issuer may be. */
  readonly anyProfile: IssuerProfile;
  readonly clock: Clock;
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
  checkTokenType(header, claims, issuer?.profile ?? options.anyProfile);
  if (issuer === undefined) throw refuse('iss_unknown', 'iss is not configured', { iss: quote(iss, 256) });
  if (!issuer.algorithms.has(alg))
    throw refuse('alg_not_allowed', 'alg is not allowed for this issuer', { alg: quote(alg) });

  const key = await findKey(issuer.keys, typeof kid === 'string' ? kid : undefined, alg);
  checkKeyIssuer(key, issuer);
  await verifySignature(token, key, alg);
  const facts = readPrincipal(claims, issuer.policy, options.clock.now() / 1_000, issuer.warn);
  return { ...facts, issuer, key, usableUntilMs: null };
}

/**
 * The tenants of a template share one key set, but not every key in it: some sign for one tenant only, and say so.
 *
 * Throws `Refusal` `key_not_found`.
 */
export function checkKeyIssuer(key: VerificationKey, { profile, policy }: Issuer): void {
  if (profile.name !== 'entra' || key.issuer === undefined || policy.tenant?.required !== true) return;
  if (issuerOfTenant(key.issuer, policy.tenant.id) !== policy.issuer)
    throw refuse('key_not_found', 'the key signs for another tenant', { kid: quote(key.kid) });
}
