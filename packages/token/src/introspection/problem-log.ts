import { logEvent, type OperationalLogger } from '@sallyport/core';
import type { IntrospectionProblem } from './introspection-problem.ts';

/** The same problem is logged again only after this time, when no pause spaces the attempts. */
const AGAIN_MS = 60_000;
/** Who sends tokens may provoke several problems in turn. */
const MAX_PROBLEMS = 32;

/** Tells the operator of questions that failed: once for every pause, and so that no caller can fill the log. */
export class ProblemLog {
  readonly #issuer: string;
  readonly #log: OperationalLogger;
  /** Until when each is not logged again, by its message. */
  readonly #quiet = new Map<string, number>();

  constructor(issuer: string, log: OperationalLogger) {
    this.#issuer = issuer;
    this.#log = log;
  }

  /** `heldMs`: how long nobody is asked now. `now`: monotonic milliseconds. */
  report({ message, reason }: IntrospectionProblem, heldMs: number, now: number): void {
    if (now < (this.#quiet.get(message) ?? 0)) return;
    for (const [each, until] of this.#quiet) if (now >= until) this.#quiet.delete(each);
    if (this.#quiet.size >= MAX_PROBLEMS) return;
    this.#quiet.set(message, now + (heldMs > 0 ? heldMs : AGAIN_MS));
    const fields = { issuer: this.#issuer, problem: message, reason, retryInMs: heldMs };
    if (reason === 'idp_unavailable') logEvent(this.#log, 'sallyport.issuer.introspection_unavailable', fields);
    else logEvent(this.#log, 'sallyport.issuer.introspection_misconfigured', fields);
  }
}
