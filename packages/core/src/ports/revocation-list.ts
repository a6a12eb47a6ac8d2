/** What an issuer's tokens are revoked by. */
export type Revocation =
  /** One token: `jti`. */
  | { readonly kind: 'token'; readonly issuer: string; readonly tokenId: string }
  /** Every token of a session at the issuer: `sid`. */
  | { readonly kind: 'session'; readonly issuer: string; readonly sessionId: string }
  /** Every token of a subject that was issued until then. A token that does not say when it was issued counts as issued before. */
  | {
      readonly kind: 'subject';
      readonly issuer: string;
      readonly subject: string;
      /** `iat` up to and including this one, in seconds since the epoch. */
      readonly issuedUpTo: number;
      /** Only tokens without a session: of the others it is known which session they belong to. Default false. */
      readonly sessionlessOnly?: boolean;
    };

/** What a verified token says of itself, as far as it can be revoked by it. */
export interface RevocableToken {
  readonly issuer: string;
  readonly subject: string;
  /** `jti`. */
  readonly tokenId: string | null;
  /** `sid`. */
  readonly sessionId: string | null;
  /** `iat`, in seconds since the epoch. */
  readonly issuedAt: number | null;
}

/**
 * Which tokens do not hold any more although they are not expired. Identifiers of one issuer mean nothing for another.
 *
 * Both operations throw or reject when the list can not be reached or has no room: whoever asked must refuse, and whoever revoked must
 * say that it did not happen.
 */
export interface RevocationList {
  /**
   * Revokes. What was revoked before stays revoked for as long as the longer of the two.
   *
   * `untilMs`: milliseconds since the epoch at which the entry may be forgotten. Until then every token it concerns must have expired.
   */
  revoke(entry: Revocation, untilMs: number): void | Promise<void>;
  isRevoked(token: RevocableToken): boolean | Promise<boolean>;
}
