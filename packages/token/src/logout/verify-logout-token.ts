import { isJsonObject, member, Refusal, type Clock, type JsonObject } from '@sallyport/core';
import { checkTimes } from '../jwt/check-times.ts';
import { decodeCompactJws, mediaType, parseClaims, type Claims } from '../jwt/decode-jwt.ts';
import { isIdentifier } from '../jwt/identifier.ts';
import { verifySignature } from '../jwt/verify-signature.ts';
import type { VerificationKey } from '../keys/verification-key.ts';
import { quote, refuse } from '../refuse.ts';
import type { Logout } from './logout.ts';
import { logoutKey, type UsedLogouts } from './used-logouts.ts';

/** What logout tokens of one issuer are checked against. */
export interface LogoutIssuer {
  /** Our client ids at the issuer. */
  readonly audience: ReadonlySet<string>;
  /** Refuse a token whose header does not say `logout+jwt`. */
  readonly requireType: boolean;
  readonly algorithms: ReadonlySet<string>;
  /** The key with this id for this algorithm. Rejects with `Refusal`. */
  findKey(kid: string | undefined, algorithm: string): Promise<VerificationKey>;
}

export interface VerifyLogoutTokenOptions {
  /** By issuer identifier. */
  readonly issuers: ReadonlyMap<string, LogoutIssuer>;
  readonly clockSkewSeconds: number;
  readonly clock: Clock;
  /** Remembers the tokens that were carried out. */
  readonly used: UsedLogouts;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** Longest time between issue and arrival. Bounds how long a token must be remembered (OpenID Connect Core §3.1.3.7 allows the choice). */
const maxAgeSeconds = 600;

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6): a signed JWT of type `logout+jwt`, or of no type of its own
 * where that is accepted, for nobody but us, from the last ten minutes, with the logout event, a `jti` that was not used before, a
 * `sub` or a `sid`, and without `nonce`. Encrypted tokens are not accepted.
 *
 * The token counts as used when `carryOut` resolved, so that it can be sent again after a failure. Copies that arrive at the same time
 * may all be carried out, so that has to be idempotent; one of them is accepted.
 *
 * Rejects with `Refusal`: `logout_invalid` with the true reason in its detail, or a 503 when it can not be checked right now; and with
 * what `carryOut` rejects with.
 */
export async function verifyLogoutToken(
  token: string,
  options: VerifyLogoutTokenOptions,
  carryOut: (logout: Logout) => Promise<void> = async () => undefined,
): Promise<Logout> {
  const { logout, key, ttlMs } = await verifyUnused(token, options);
  await carryOut(logout);
  await options.used.add(key, ttlMs);
  return logout;
}

interface UnusedLogout {
  readonly logout: Logout;
  readonly key: string;
  /** For how long the token could be sent again. */
  readonly ttlMs: number;
}

async function verifyUnused(token: string, options: VerifyLogoutTokenOptions): Promise<UnusedLogout> {
  try {
    return await verify(token, options);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500 || error.reason === 'logout_invalid') throw error;
    const seen: JsonObject = isJsonObject(error.detail) ? error.detail : {};
    throw new Refusal('logout_invalid', { detail: { reason: error.reason, ...seen }, cause: error });
  }
}

async function verify(token: string, options: VerifyLogoutTokenOptions): Promise<UnusedLogout> {
  const { clock, clockSkewSeconds } = options;
  const { header, payload } = decodeCompactJws(token);
  const claims = parseClaims(payload, 'payload');
  const { iss } = claims;
  const issuer = typeof iss === 'string' ? options.issuers.get(iss) : undefined;
  if (issuer === undefined || typeof iss !== 'string')
    throw refuse('iss_unknown', 'no back-channel logout is configured for iss', { iss: quote(iss, 256) });
  checkType(header, issuer.requireType);
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !issuer.algorithms.has(alg))
    throw refuse('alg_not_allowed', 'alg is not allowed for this issuer', { alg: quote(alg) });
  const signingKey = await issuer.findKey(typeof kid === 'string' ? kid : undefined, alg);
  await verifySignature(token, signingKey, alg);

  checkAudience(claims, issuer.audience);
  const nowSeconds = clock.now() / 1_000;
  const expiresAt = checkTimes(claims, nowSeconds, clockSkewSeconds);
  const issuedAt = claims['iat'] as number;
  if (nowSeconds > issuedAt + maxAgeSeconds + clockSkewSeconds) throw refuse('expired', 'iat is too long ago');
  const { subject, sessionId, tokenId } = readIdentifiers(claims);
  if (!isJsonObject(member(claims['events'], logoutEvent)))
    throw refuse('logout_invalid', 'events does not have the logout event');
  if (claims['nonce'] !== undefined) throw refuse('token_type_confusion', 'the payload has nonce');

  const endsAt = Math.min(expiresAt, issuedAt + maxAgeSeconds) + clockSkewSeconds;
  const key = logoutKey(iss, tokenId);
  options.used.requireUnused(key);
  const ttlMs = Math.max(1, Math.ceil((endsAt - nowSeconds) * 1_000));
  return { logout: { issuer: iss, subject, sessionId, issuedAt }, key, ttlMs };
}

/** §2.4: explicit typing is recommended, so issuers that do not use it have to be put up with. */
function checkType({ typ }: Claims, required: boolean): void {
  const type = typeof typ === 'string' ? mediaType(typ) : typ;
  if (type === 'logout+jwt' || (!required && (type === undefined || type === 'jwt'))) return;
  throw refuse('typ_mismatch', 'typ is not logout+jwt', { typ: quote(typ) });
}

/** As of an ID token (OpenID Connect Core §3.1.3.7): it names us, and nobody we do not know. */
function checkAudience({ aud }: Claims, accepted: ReadonlySet<string>): void {
  const named = Array.isArray(aud) ? aud : [aud];
  if (named.length > 0 && named.every((one) => typeof one === 'string' && accepted.has(one))) return;
  throw refuse('aud_mismatch', 'aud is not our client id alone');
}

function readIdentifiers(claims: Claims): { subject: string | null; sessionId: string | null; tokenId: string } {
  const { sub, sid, jti } = claims;
  if (sub !== undefined && !isIdentifier(sub)) throw refuse('malformed_token', 'sub is not a text');
  if (sid !== undefined && !isIdentifier(sid)) throw refuse('malformed_token', 'sid is not a text');
  if (sub === undefined && sid === undefined) throw refuse('malformed_token', 'there is neither sub nor sid');
  if (!isIdentifier(jti, 256)) throw refuse('malformed_token', 'jti is missing or not a text');
  return { subject: sub ?? null, sessionId: sid ?? null, tokenId: jti };
}
