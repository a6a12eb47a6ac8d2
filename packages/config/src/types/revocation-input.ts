/** How tokens are taken back, as the file writes it. */
export interface RevocationInput {
  /** File of revocations, relative to the config file. Default: revocations are in memory. */
  readonly file?: string;
  /** Seconds for which a revocation without an end is kept, 60 to 31536000. Default 604800. */
  readonly lifetimeSeconds?: number;
}

/** Logout tokens of an issuer (OpenID Connect Back-Channel Logout 1.0), as the file writes it. */
export interface BackChannelLogoutInput {
  /** Our client ids at the issuer. */
  readonly audience: readonly string[];
  /** Refuse logout tokens whose header does not say `logout+jwt`. Default false. */
  readonly requireType?: boolean;
}
