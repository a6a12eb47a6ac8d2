import type { Clock, Observer, Principal } from '@sallyport/core';
import type { TokenLogger } from '../log.ts';
import type { IssuerOptions } from './issuer-options.ts';

export interface AuthenticatorOptions {
  /** Resource identifier (RFC 9728, RFC 8707): the audience of tokens where an issuer has no other. */
  readonly resource: string;
  readonly issuers: readonly IssuerOptions[];
  /** Tolerated difference between the issuers' clocks and ours, in seconds, 0 to 300. */
  readonly clockSkewSeconds: number;
  /** Allow http issuers on loopback. For tests only. Default false. */
  readonly dangerouslyAllowInsecureIssuers?: boolean | undefined;
  /** Told of every refresh of keys. */
  readonly observer?: Observer | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: TokenLogger | undefined;
  /** Bound of the cache of verified tokens; default 10,000 entries, 0 for none. It also never takes more than about 32 MiB. */
  readonly cache?: { readonly maxEntries: number } | undefined;
}

export interface IssuerStatus {
  readonly issuer: string;
  /** Keys are held and may be used. */
  readonly keys: boolean;
  /** What went wrong with the last fetch, for the operator. */
  readonly problem?: string;
}

/** Turns access tokens into principals. */
export interface Authenticator {
  /**
   * The frozen principal of a token: at once when the token was verified before, else as a promise.
   * Throws or rejects with `Refusal` only: a 401 reason, `client_not_allowed` (403), `idp_unavailable` or `closing` (503).
   */
  authenticate(token: string): Principal | Promise<Principal>;
  /** Begins to fetch the keys of every issuer, and to keep them fresh. Without it the first tokens wait. */
  start(): void;
  status(): IssuerStatus[];
  /** Stops timers and requests. */
  close(): void;
}
