import type { Principal, SignInRequirement } from '@sallyport/core';

/**
 * Whether the sign-in behind a token is strong and fresh enough (RFC 9470 §3): its `acr` is one of the values, and its `auth_time`
 * is not longer ago than the age. A token that does not say meets nothing that is asked.
 */
export function meetsSignIn(
  requirement: SignInRequirement,
  { acr, authTime }: Pick<Principal, 'acr' | 'authTime'>,
  nowSeconds: number,
): boolean {
  const { acrValues, maxAgeSeconds } = requirement;
  if (acrValues.length > 0 && (acr === null || !acrValues.includes(acr))) return false;
  return maxAgeSeconds === undefined || (authTime !== null && nowSeconds - authTime <= maxAgeSeconds);
}
