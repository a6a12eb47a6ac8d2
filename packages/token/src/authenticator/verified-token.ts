import type { TokenFacts } from '../jwt/read-principal.ts';
import type { VerificationKey } from '../keys/verification-key.ts';
import type { Issuer } from './issuer.ts';

/**
 * A token that its issuer vouched for, by signature or by introspection. What may still stand against it, because it differs from
 * request to request or from minute to minute (revocation, binding), is checked each time it is used. `principal` is the one of the
 * token as a bearer token.
 */
export interface VerifiedToken extends TokenFacts {
  readonly issuer: Issuer;
  /** The key that signed it; `null` for an opaque token. */
  readonly key: VerificationKey | null;
  /** When the issuer has to be asked again, in monotonic milliseconds; `null` for a token that stands for itself. */
  readonly usableUntilMs: number | null;
}
