import type { KeyTiming } from '../keys/key-timing.ts';
import type { IntrospectionProblem } from './introspection-problem.ts';

/** So many failures in a row that a token may have caused are taken for a fault of the issuer. */
const MAX_SUSPICIOUS = 5;

/** So many different tokens in a row for which our credentials were refused: then it is not the token. */
const MAX_REFUSED = 3;

/** Why nobody is asked at this moment, and for how long. */
export interface Hold {
  readonly reason: IntrospectionProblem['reason'];
  readonly problem: string;
  readonly retryAfterMs: number;
  /** The endpoint does not answer or refuses our credentials for everybody; else it only wants to be left alone for a while. */
  readonly down: boolean;
}

/**
 * Whether an issuer is asked at all. After a failure that is not about one token nobody is for a while that doubles with each further one;
 * then one call goes ahead, and the others follow when it succeeds. `Retry-After` of the issuer makes the while longer, up to the same limit.
 *
 * Who sends a token chooses what the issuer, or a firewall before it, makes of it. So an answer about one token holds nobody back; neither
 * do fewer than five failures of the endpoint in a row, unless it names a `Retry-After`, nor 401 for fewer than three different tokens.
 *
 * Times are monotonic milliseconds.
 */
export class Outage {
  readonly #timing: KeyTiming;
  /** Digests of tokens for which our credentials were refused since the last success. */
  readonly #refused = new Set<string>();
  #failing = false;
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
    return this.#failing;
  }

  /** What stands against a call now. */
  hold(now: number): Hold | undefined {
    if (this.#last === undefined || this.#failures === 0 || (now >= this.#retryAt && !this.#probing)) return undefined;
    const { reason, message, blame } = this.#last;
    const down = blame !== 'load' && (this.#suspicious >= MAX_SUSPICIOUS || this.#refused.size >= MAX_REFUSED);
    return { reason, problem: message, retryAfterMs: Math.max(1, this.#retryAt - now), down };
  }

  /** Must be called before a call for which there was no hold; the call has to end with `succeed` or `fail`. */
  begin(): void {
    if (this.#failures > 0) this.#probing = true;
  }

  succeed(): void {
    this.#failing = false;
    this.#refused.clear();
    this.#release();
  }

  /** How long nobody is asked now, in milliseconds. `digest`: of the token that was asked about. */
  fail(problem: IntrospectionProblem, digest: string, now: number): number {
    const probed = this.#probing;
    this.#probing = false;
    this.#failing = true;
    if (problem.blame === 'token') {
      // It came through, so the endpoint is there. Whether our credentials are good it does not say: the next call finds out.
      this.#suspicious = 0;
      if (probed && this.#last?.blame !== 'credentials') this.#release();
      return 0;
    }
    if (!this.#holds(problem, digest)) return 0;
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

  #holds({ blame, retryAfterMs }: IntrospectionProblem, digest: string): boolean {
    if (blame === 'load') return true;
    if (blame === 'credentials') {
      this.#suspicious = 0;
      if (this.#refused.size < MAX_REFUSED) this.#refused.add(digest);
      return this.#refused.size >= MAX_REFUSED;
    }
    this.#suspicious += 1;
    return this.#suspicious >= MAX_SUSPICIOUS || retryAfterMs > 0;
  }

  #release(): void {
    this.#failures = 0;
    this.#suspicious = 0;
    this.#probing = false;
    this.#last = undefined;
  }
}
