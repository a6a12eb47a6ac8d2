/**
 * What a failure speaks of. `token`: an answer that the token itself may have caused, so it says nothing about other tokens.
 * `credentials`: the issuer refuses ours. `load`: it wants fewer questions. `endpoint`: it does not answer, or only with 5xx.
 */
export type Blame = 'token' | 'credentials' | 'load' | 'endpoint';

/** Why an issuer could not be asked about a token, in words for the operator's log. Says nothing about the token. */
export class IntrospectionProblem extends Error {
  override readonly name = 'IntrospectionProblem';
  /** `idp_misconfigured`: it takes a person to change that. `introspection_invalid`: the answer is not from the issuer, or not for us. */
  readonly reason: 'idp_unavailable' | 'idp_misconfigured' | 'introspection_invalid';
  readonly blame: Blame;
  /** How long the issuer asked us to wait. */
  readonly retryAfterMs: number;

  constructor(
    reason: IntrospectionProblem['reason'],
    message: string,
    options: { readonly blame?: Blame; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.blame = options.blame ?? 'endpoint';
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}
