import type { Principal } from '@sallyport/core';
import type { Claims } from './decode-jwt.ts';
import { isIdentifier } from './identifier.ts';

const MAX_METHODS = 16;

/**
 * Reads what a token says of the sign-in behind it: `acr`, `amr` and `auth_time` (RFC 9470 §6, OpenID Connect Core §2). What has
 * another form, or lies in the future, counts as not said: it meets no requirement, and a token without one is no worse for it.
 */
export function readSignIn(
  claims: Claims,
  nowSeconds: number,
  skewSeconds: number,
): Pick<Principal, 'acr' | 'amr' | 'authTime'> {
  const { acr, amr, auth_time: authTime } = claims;
  const methods =
    Array.isArray(amr) && amr.length <= MAX_METHODS && amr.every((method) => isIdentifier(method)) ? amr : [];
  const known = typeof authTime === 'number' && Number.isFinite(authTime) && authTime <= nowSeconds + skewSeconds;
  return {
    acr: isIdentifier(acr) ? acr : null,
    amr: Object.freeze([...methods]),
    authTime: known ? authTime : null,
  };
}
