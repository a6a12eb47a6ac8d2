import type { Refusal } from '@sallyport/core';
import type { ClaimPolicy, ClaimWarning, TokenFacts } from '../jwt/read-principal.ts';
import { readPrincipal } from '../jwt/read-principal.ts';
import { mediaType, type Claims } from '../jwt/decode-jwt.ts';
import { quote, refuse } from '../refuse.ts';

/** How long a token whose issuer names no end is taken to last from the moment it was asked about, in seconds. */
export const DEFAULT_LIFETIME_SECONDS = 300;

/** Types of access tokens as issuers write them (RFC 6749 §7.1, RFC 9449 §5); some write what the token is instead. */
const TOKEN_TYPES: ReadonlySet<string> = new Set(['bearer', 'dpop', 'access_token']);

export interface IntrospectionRules {
  readonly policy: ClaimPolicy;
  /** Accepted `typ` members, lower case: some issuers answer about refresh tokens and ID tokens too. */
  readonly payloadTypes: ReadonlySet<string>;
}

/**
 * Makes the principal from what an issuer says about a token (RFC 7662 §2.2). That it is active is not enough: it has to be an access
 * token, for us, of a known client and still valid.
 *
 * Throws `Refusal`: `inactive`, `iss_unknown`, `token_type_confusion`, `introspection_incomplete` and those of `readPrincipal`.
 */
export function readIntrospection(
  answer: Claims,
  rules: IntrospectionRules,
  nowSeconds: number,
  warn: (warning: ClaimWarning) => void,
): TokenFacts {
  const { policy } = rules;
  if (answer['active'] !== true) throw refuseInactive();
  const { iss, typ, token_type: type, token_use: use } = answer;
  if (iss !== undefined && iss !== policy.issuer)
    throw refuse('iss_unknown', 'the token is from another issuer', { iss: quote(iss, 256) });
  if (type !== undefined && !(typeof type === 'string' && TOKEN_TYPES.has(type.toLowerCase())))
    throw refuse('token_type_confusion', 'token_type is not one of an access token', { token_type: quote(type) });
  if (use !== undefined && use !== 'access' && use !== 'access_token')
    throw refuse('token_type_confusion', 'token_use is not access', { token_use: quote(use) });
  if (typ !== undefined && !(typeof typ === 'string' && rules.payloadTypes.has(mediaType(typ))))
    throw refuse('token_type_confusion', 'typ names another kind of token', { typ: quote(typ) });
  if (policy.map.clientId(answer) === undefined)
    throw refuse('introspection_incomplete', 'the issuer does not say which client the token is for');
  return readPrincipal(answer, policy, nowSeconds, warn);
}

export function refuseInactive(): Refusal {
  return refuse('inactive', 'the issuer says that the token is not active');
}
