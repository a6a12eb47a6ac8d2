import type { IssuerProfile } from '../profile/issuer-profile.ts';
import { quote, refuse } from '../refuse.ts';
import { mediaType, type Claims } from './decode-jwt.ts';

/**
 * Claims that ID tokens, logout tokens, security events and introspection responses have and access tokens do not
 * (OIDC Core §2, §3.3.2.11, RFC 8417 §2.2, RFC 9701 §5).
 */
const FOREIGN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events', 'token_introspection'];

/**
 * Checks that the token says it is an access token (RFC 9068 §4, RFC 8725 §3.11): first its `typ` header, then claims that only
 * other kinds of token carry.
 *
 * Throws `Refusal`: `typ_mismatch`; `token_type_confusion` where a token without a type of its own turns out to be of another kind.
 */
export function checkTokenType(header: Claims, claims: Claims, profile: IssuerProfile): void {
  const { typ } = header;
  const type = typeof typ === 'string' ? mediaType(typ) : typ === undefined ? null : undefined;
  if (type !== undefined && profile.types.has(type)) {
    checkKind(claims, profile, type === 'at+jwt');
    return;
  }
  // An untyped token or a plain `JWT` may be an ID token sent by mistake: say that, it is the more useful reason.
  if (type === null || type === 'jwt') checkKind(claims, profile, false);
  throw refuse('typ_mismatch', 'typ is not one of an access token', { typ: quote(typ) });
}

/**
 * Checks by its claims that a token is an access token. `typed`: its header already says so.
 *
 * Throws `Refusal` `token_type_confusion`.
 */
function checkKind(claims: Claims, profile: IssuerProfile, typed: boolean): void {
  for (const name of FOREIGN_CLAIMS) {
    if (claims[name] !== undefined) throw refuse('token_type_confusion', `the payload has ${name}`);
  }
  // Keycloak and Cognito put the kind of token into the payload.
  const { typ, token_use: use } = claims;
  if (typ !== undefined && !(typeof typ === 'string' && profile.payloadTypes.has(mediaType(typ)))) {
    throw refuse('token_type_confusion', 'the typ claim names another kind of token', { typ: quote(typ) });
  }
  if (use !== undefined && use !== 'access') throw refuse('token_type_confusion', 'token_use is not access');
  const { kindClaim } = profile;
  if (kindClaim !== undefined && !typed && claims[kindClaim] === undefined)
    throw refuse('token_type_confusion', `the payload has no ${kindClaim}`);
  const confusion = profile.confusion?.(claims);
  if (confusion !== undefined) throw refuse('token_type_confusion', confusion);
}
