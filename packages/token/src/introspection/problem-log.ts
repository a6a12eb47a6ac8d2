import type { TokenLogger } from '../log.ts';
import type { IntrospectionProblem } from './introspection-problem.ts';

/** The same problem is logged again only after this time, when no pause spaces the attempts. */
const AGAIN_MS = 60_000;

/** Tells the operator of questions that failed: once for every pause, and so that no caller can fill the log. */
export class ProblemLog {
  readonly #issuer: string;
  readonly #log: TokenLogger;
  #last: { readonly message: string; readonly until: number } | undefined;

  constructor(issuer: string, log: TokenLogger) {
    this.#issuer = issuer;
    this.#log = log;
  }

  /** `heldMs`: how long nobody is asked now. `now`: monotonic milliseconds. */
  report({ message, reason }: IntrospectionProblem, heldMs: number, now: number): void {
    if (this.#last?.message === message && now < this.#last.until) return;
    this.#last = { message, until: now + (heldMs > 0 ? heldMs : AGAIN_MS) };
    const fields = { issuer: this.#issuer, problem: message, reason, retryInMs: heldMs };
    if (reason === 'idp_unavailable') this.#log.warn(fields, 'the issuer could not be asked about a token');
    else this.#log.error(fields, 'the issuer can not be asked about tokens; this needs a person');
  }
}
