import type { Clock, Observer, OperationalLogger, Principal, ReplaySet, RevocationList } from '@sallyport/core';
import type { DpopOptions } from '../binding/dpop-options.ts';
import type { Logout } from '../logout/logout.ts';
import type { IssuerOptions } from './issuer-options.ts';
import type { PresentedToken } from './presented-token.ts';

export interface AuthenticatorOptions {
  /** Resource identifier (RFC 9728, RFC 8707): the audience of tokens where an issuer has no other. */
  readonly resource: string;
  readonly issuers: readonly IssuerOptions[];
  /** Tolerated difference between the issuers' clocks and ours, in seconds, 0 to 300. */
  readonly clockSkewSeconds: number;
  /** Allow http issuers on loopback. For tests only. Default false. */
  readonly dangerouslyAllowInsecureIssuers?: boolean | undefined;
  /** Tokens bound to a key of the client (RFC 9449). Default: off. Tokens bound to a certificate (RFC 8705) are always checked. */
  readonly dpop?: DpopOptions | undefined;
  /** Remembers the DPoP proofs and the logout tokens that were used. Default: in memory, for this process alone. */
  readonly replaySet?: ReplaySet | undefined;
  /** Tokens that do not hold any more; asked on every use of a token. Default: none is revoked. */
  readonly revocations?: RevocationList | undefined;
  /** Seconds for which a revocation is kept; of an issuer whose tokens live longer the operator is warned. */
  readonly revocationLifetimeSeconds?: number | undefined;
  /** Told of every refresh of keys. */
  readonly observer?: Observer | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: OperationalLogger | undefined;
  /** Bound of the cache of verified tokens; default 10,000 entries, 0 for none. It also never takes more than about 32 MiB. */
  readonly cache?: { readonly maxEntries: number } | undefined;
}

export interface IssuerStatus {
  readonly issuer: string;
  /** Its tokens can be checked now. */
  readonly ready: boolean;
  /** Keys are held and may be used. */
  readonly keys: boolean;
  /** What went wrong with the last fetch or question, for the operator. */
  readonly problem?: string;
}

/** Turns access tokens into principals. */
export interface Authenticator {
  /**
   * The frozen principal of a token: at once when the token was verified before, else as a promise.
   * Throws or rejects with `Refusal` only: a 401 reason, `client_not_allowed` (403), `idp_unavailable`,
   * `idp_misconfigured`, `introspection_invalid` or `closing` (503).
   */
  authenticate(presented: PresentedToken): Principal | Promise<Principal>;
  /**
   * Verifies a logout token of an issuer that has `backChannelLogout` (OpenID Connect Back-Channel Logout 1.0 §2.6). Revokes nothing:
   * `carryOut` does, and the token counts as used only when it resolved. It has to be idempotent.
   * Rejects with `Refusal` only: `logout_invalid`, or a 503 when it can not be checked or carried out.
   */
  verifyLogout(token: string, carryOut?: (logout: Logout) => Promise<void>): Promise<Logout>;
  /** What belongs into `DPoP-Nonce` now (RFC 9449 §9); `undefined` when no nonce is demanded. */
  dpopNonce(): string | undefined;
  /** Begins to fetch the keys and endpoints of every issuer, and to keep them fresh. Without it the first tokens wait. */
  start(): void;
  status(): IssuerStatus[];
  /** Stops timers and requests. */
  close(): void;
}
