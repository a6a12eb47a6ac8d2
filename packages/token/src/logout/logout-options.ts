/** Which logout tokens of an issuer are accepted (OpenID Connect Back-Channel Logout 1.0). */
export interface LogoutOptions {
  /** Our client ids at the issuer; `aud` must name one of them and nobody else. */
  readonly audience: readonly string[];
  /** Refuse logout tokens whose header does not say `logout+jwt`. Default false. */
  readonly requireType?: boolean | undefined;
}
