import type { Principal } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import { checkAudience } from './check-audience.ts';
import { checkTimes } from './check-times.ts';
import type { Claims } from './decode-jwt.ts';
import { isIdentifier } from './identifier.ts';
import { readActors } from './read-actors.ts';
import type { IssuerProfile } from '../profile/issuer-profile.ts';

/** What an issuer's tokens are checked against. */
export interface ClaimPolicy {
  readonly issuer: string;
  readonly profile: IssuerProfile;
  readonly audiences: ReadonlySet<string>;
  readonly strictAudience: boolean;
  readonly allowedClients: ReadonlySet<string> | undefined;
  readonly clockSkewSeconds: number;
}

/** Odd things about an accepted token that an operator wants to hear of. */
export type ClaimWarning = 'aud_multi' | 'jti_missing';

/**
 * Checks the claims of a token whose signature, issuer and type are verified, and makes the frozen principal.
 *
 * Throws `Refusal`: `aud_mismatch`, `exp_missing`, `expired`, `not_yet_valid`, `malformed_token`, `binding_mismatch`,
 * `client_not_allowed` (403).
 */
export function readPrincipal(
  claims: Claims,
  policy: ClaimPolicy,
  nowSeconds: number,
  warn: (warning: ClaimWarning) => void,
): Principal {
  const others = checkAudience(claims, policy.audiences, policy.strictAudience);
  const expiresAt = checkTimes(claims, nowSeconds, policy.clockSkewSeconds);

  const { sub, jti } = claims;
  if (!isIdentifier(sub)) throw refuse('malformed_token', 'sub is not a string of 1 to 255 printable characters');
  const clientId = policy.profile.clientId(claims);
  if (!isIdentifier(clientId))
    throw refuse('malformed_token', 'client_id is not a string of 1 to 255 printable characters');
  if (jti !== undefined && !isIdentifier(jti, 256))
    throw refuse('malformed_token', 'jti is not a string of 1 to 256 printable characters');
  const actors = readActors(claims['act']);

  // A token bound to a key proves nothing without that key (RFC 7800 §3, RFC 9449 §7.2, RFC 8705 §3).
  if (claims['cnf'] !== undefined || isBoundType(claims['typ']))
    throw refuse('binding_mismatch', 'a bound token was sent as a bearer token');
  if (policy.allowedClients?.has(clientId) === false) {
    throw refuse('client_not_allowed', 'the client is not in allowedClients', { issuer: policy.issuer, clientId });
  }

  if (others) warn('aud_multi');
  if (jti === undefined) warn('jti_missing');
  return Object.freeze({
    issuer: policy.issuer,
    subject: sub,
    clientId,
    scopes: Object.freeze(policy.profile.scopes(claims)),
    tenant: null,
    actors,
    proof: 'jwt',
    tokenId: jti ?? null,
    expiresAt,
  });
}

/** Keycloak names the binding in the `typ` claim too. */
function isBoundType(typ: unknown): boolean {
  return typeof typ === 'string' && typ.toLowerCase() === 'dpop';
}
