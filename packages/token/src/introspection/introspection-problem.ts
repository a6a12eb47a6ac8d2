/** Why an issuer could not be asked about a token, in words for the operator's log. Says nothing about the token. */
export class IntrospectionProblem extends Error {
  override readonly name = 'IntrospectionProblem';
  /** `idp_misconfigured`: it takes a person to change that. `introspection_invalid`: the answer is not from the issuer, or not for us. */
  readonly reason: 'idp_unavailable' | 'idp_misconfigured' | 'introspection_invalid';
  /** The token itself may have caused it, so that one caller could cause it for all. */
  readonly perToken: boolean;
  /** How long the issuer asked us to wait. */
  readonly retryAfterMs: number;

  constructor(
    reason: IntrospectionProblem['reason'],
    message: string,
    options: { readonly perToken?: boolean; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.perToken = options.perToken ?? false;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}
