import type { Principal } from '@sallyport/core';
import { quote, refuse } from '../refuse.ts';
import type { ClaimMap } from '../profile/claim-map.ts';
import { checkAudience, type AudiencePolicy } from './check-audience.ts';
import { checkTimes, type OptionalTimes } from './check-times.ts';
import type { Claims } from './decode-jwt.ts';
import { isIdentifier } from './identifier.ts';
import { readActors } from './read-actors.ts';
import { readConfirmation, type Confirmation } from './read-confirmation.ts';
import { readSignIn } from './read-sign-in.ts';

/** What the claims about a token are checked against, be they its own or the issuer's answer about it. */
export interface ClaimPolicy {
  /** Byte for byte the `iss` of the tokens. */
  readonly issuer: string;
  readonly proof: 'jwt' | 'introspection';
  readonly map: ClaimMap;
  readonly audience: AudiencePolicy;
  readonly allowedClients: ReadonlySet<string> | undefined;
  readonly clockSkewSeconds: number;
  readonly optionalTimes?: OptionalTimes | undefined;
  /** What the `tid` claim has to be. `required`: it has to be there. */
  readonly tenant?: { readonly id: string; readonly required: boolean } | undefined;
  /** Without `sub` the client acts for itself and is the subject. */
  readonly clientIsSubject?: boolean | undefined;
}

/** What the claims of a token say: who it is, and what is checked on every use of it. */
export interface TokenFacts {
  readonly principal: Principal;
  readonly confirmation: Confirmation | null;
}

/** Odd things about an accepted token that an operator wants to hear of. */
export type ClaimWarning = 'aud_multi' | 'jti_missing' | 'groups_elsewhere' | 'long_lived';

/**
 * Checks the claims of a token that the issuer vouches for and whose type is verified, and makes the frozen principal.
 *
 * Throws `Refusal`: `iss_unknown` for another tenant, `aud_mismatch`, `exp_missing`, `expired`, `not_yet_valid`, `malformed_token`, `client_not_allowed` (403).
 */
export function readPrincipal(
  claims: Claims,
  policy: ClaimPolicy,
  nowSeconds: number,
  warn: (warning: ClaimWarning) => void,
): TokenFacts {
  const { map } = policy;
  const clientId = map.clientId(claims);
  checkTenant(claims, policy.tenant);
  const others = checkAudience(claims, policy.audience, clientId);
  const expiresAt = checkTimes(claims, nowSeconds, policy.clockSkewSeconds, policy.optionalTimes);

  const { sid, iat } = claims;
  const sub = claims['sub'] === undefined && policy.clientIsSubject === true ? clientId : claims['sub'];
  const tokenId = map.tokenId(claims);
  if (!isIdentifier(sub)) throw refuse('malformed_token', 'sub is not a string of 1 to 255 printable characters');
  if (!isIdentifier(clientId))
    throw refuse('malformed_token', 'the client id is not a string of 1 to 255 printable characters');
  if (tokenId !== undefined && !isIdentifier(tokenId, 256))
    throw refuse('malformed_token', 'jti is not a string of 1 to 256 printable characters');
  if (sid !== undefined && !isIdentifier(sid))
    throw refuse('malformed_token', 'sid is not a string of 1 to 255 printable characters');
  const actors = readActors(claims['act']);
  const confirmation = readConfirmation(claims);
  if (policy.allowedClients?.has(clientId) === false) {
    throw refuse('client_not_allowed', 'the client is not in allowedClients', { issuer: policy.issuer, clientId });
  }

  if (others) warn('aud_multi');
  if (tokenId === undefined && policy.proof === 'jwt') warn('jti_missing');
  if (map.groupsElsewhere(claims)) warn('groups_elsewhere');
  const principal: Principal = Object.freeze({
    issuer: policy.issuer,
    subject: sub,
    clientId,
    scopes: map.scopes(claims),
    tenant: map.tenant(claims),
    groups: map.groups(claims),
    roles: map.roles(claims),
    actors,
    proof: policy.proof,
    tokenId: tokenId ?? null,
    sessionId: sid ?? null,
    issuedAt: typeof iat === 'number' ? iat : null,
    expiresAt,
    ...readSignIn(claims, nowSeconds, policy.clockSkewSeconds),
  });
  return { principal, confirmation };
}

/**
 * The tenant that the issuer of the token belongs to must be the one the token names (RFC 8725 §3.8).
 *
 * Throws `Refusal` `iss_unknown`.
 */
export function checkTenant({ tid }: Claims, tenant: ClaimPolicy['tenant']): void {
  if (tenant === undefined || (tid === undefined && !tenant.required) || tid === tenant.id) return;
  throw refuse('iss_unknown', 'tid is not the tenant of iss', { tid: quote(tid) });
}
