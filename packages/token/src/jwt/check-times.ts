import { refuse } from '../refuse.ts';
import type { Claims } from './decode-jwt.ts';

/** Nobody issues access tokens for longer; an `exp` beyond this is in milliseconds or made up. */
const MAX_LIFETIME_SECONDS = 10 * 366 * 86_400;

/** Times that a token need not name. */
export interface OptionalTimes {
  /** Without `exp` a token ends so many seconds from now. Absent: `exp` is required. */
  readonly lifetimeSeconds?: number | undefined;
  /** `iat` may be absent. */
  readonly issuedAt?: boolean | undefined;
}

/**
 * Checks `exp`, `nbf` and `iat` (RFC 7519 §4.1.4 to §4.1.6, RFC 9068 §2.2) and gives `exp`. Numbers may have fractions.
 * `nowSeconds` is the time to check against; `skewSeconds` is tolerated on every side.
 *
 * Throws `Refusal`: `exp_missing`, `expired`, `not_yet_valid`, `malformed_token`.
 */
export function checkTimes(
  claims: Claims,
  nowSeconds: number,
  skewSeconds: number,
  optional: OptionalTimes = {},
): number {
  const { nbf, iat } = claims;
  const exp = claims['exp'] === undefined ? endWithoutExp(nowSeconds, optional) : claims['exp'];
  if (exp === undefined) throw refuse('exp_missing', 'exp is missing');
  if (!isFiniteNumber(exp)) throw refuse('malformed_token', 'exp is not a finite number');
  if (nowSeconds >= exp + skewSeconds) throw refuse('expired', 'exp has passed', { exp });
  if (exp > nowSeconds + MAX_LIFETIME_SECONDS) throw refuse('malformed_token', 'exp is absurd', { exp });

  if (nbf !== undefined && (!isFiniteNumber(nbf) || nbf > nowSeconds + skewSeconds)) {
    throw refuse('not_yet_valid', 'nbf is in the future or not a number');
  }
  if (iat === undefined && optional.issuedAt === true) return exp;
  if (!isFiniteNumber(iat)) throw refuse('malformed_token', 'iat is missing or not a finite number');
  if (iat > nowSeconds + skewSeconds) throw refuse('not_yet_valid', 'iat is in the future', { iat });
  if (iat > exp) throw refuse('malformed_token', 'iat is after exp');
  return exp;
}

function endWithoutExp(nowSeconds: number, { lifetimeSeconds }: OptionalTimes): number | undefined {
  return lifetimeSeconds === undefined ? undefined : Math.floor(nowSeconds) + lifetimeSeconds;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
