import type { KeyTiming } from '../keys/key-timing.ts';
import type { IntrospectionProblem } from './introspection-problem.ts';

/** So many answers in a row that a token may have caused are taken for a fault of the issuer. */
const MAX_SUSPICIOUS = 5;

/** Why nobody is asked at this moment, and for how long. */
export interface Hold {
  readonly reason: IntrospectionProblem['reason'];
  readonly problem: string;
  readonly retryAfterMs: number;
}

/**
 * Whether an issuer is asked at all. After a failure nobody is for a while that doubles with each further one; then one call goes
 * ahead, and the others follow when it succeeds. `Retry-After` of the issuer makes the while longer, up to the same limit.
 *
 * Times are monotonic milliseconds.
 */
export class Outage {
  readonly #timing: KeyTiming;
  #failures = 0;
  #suspicious = 0;
  #retryAt = 0;
  #probing = false;
  #last: IntrospectionProblem | undefined;

  constructor(timing: KeyTiming) {
    this.#timing = timing;
  }

  /** The last call failed. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  /** What stands against a call now. */
  hold(now: number): Hold | undefined {
    if (this.#last === undefined || this.#failures === 0 || (now >= this.#retryAt && !this.#probing)) return undefined;
    const { reason, message } = this.#last;
    return { reason, problem: message, retryAfterMs: Math.max(1, this.#retryAt - now) };
  }

  /** Must be called before a call for which there was no hold; the call has to end with `succeed` or `fail`. */
  begin(): void {
    if (this.#failures > 0) this.#probing = true;
  }

  succeed(): void {
    this.#failures = 0;
    this.#suspicious = 0;
    this.#probing = false;
    this.#last = undefined;
  }

  /** How long nobody is asked now, in milliseconds. */
  fail(problem: IntrospectionProblem, now: number): number {
    this.#probing = false;
    if (problem.perToken) {
      this.#suspicious += 1;
      if (this.#suspicious < MAX_SUSPICIOUS) return 0;
    }
    this.#last = problem;
    // Calls that ran side by side fail side by side: that is one failure.
    if (this.#failures === 0 || now >= this.#retryAt) {
      const { backoffMs, maxBackoffMs } = this.#timing;
      this.#retryAt = now + Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(this.#failures, 16));
      this.#failures += 1;
    }
    this.#retryAt = Math.max(this.#retryAt, now + Math.min(this.#timing.maxBackoffMs, problem.retryAfterMs));
    return this.#retryAt - now;
  }
}
