import { type Clock, logEvent, type Observer, type OperationalLogger, Refusal } from '@sallyport/core';
import { FetchProblem } from './fetch-document.ts';
import type { KeyFetcher } from './key-fetcher.ts';
import type { KeySet } from './key-set.ts';
import type { KeyTiming, Schedule } from './key-timing.ts';

export interface KeySourceOptions {
  readonly issuer: string;
  readonly fetcher: Pick<KeyFetcher, 'fetch'>;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly log: OperationalLogger;
  readonly timing: KeyTiming;
  readonly schedule: Schedule;
}

type Cause = 'start' | 'unknown_kid' | 'age' | 'retry';

/**
 * The keys of one issuer over time. One fetch at a time, whoever asks; a back-off after failures and a cooldown for unknown key ids, so
 * that no flood of requests becomes a flood of fetches; old keys for a bounded time while the issuer is down. It fetches on its own
 * timer, so an idle server recovers too.
 *
 * Times are monotonic: a wall clock that jumps changes nothing here.
 */
export class KeySource {
  readonly issuer: string;
  readonly #options: KeySourceOptions;
  #set: KeySet | undefined;
  #fetchedAt = 0;
  #refreshAfter = 0;
  #discoveredAt = 0;
  #failures = 0;
  #retryAt = 0;
  #unknownKidUntil = 0;
  #problem: string | undefined;
  #inFlight: Promise<void> | undefined;
  #abort: AbortController | undefined;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: KeySourceOptions) {
    this.issuer = options.issuer;
    this.#options = options;
  }

  /** Begins to fetch, and to keep fresh. */
  start(): void {
    if (!this.#closed && this.#set === undefined && this.#failures === 0) void this.#refresh('start');
  }

  /** Stops timers and requests. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#abort?.abort();
  }

  /** Whether there are keys to use, and what went wrong last. */
  status(): { readonly keys: boolean; readonly problem?: string } {
    const keys = this.#set !== undefined && this.#set.keys.length > 0 && this.#isUsable(this.#now());
    return this.#problem === undefined ? { keys } : { keys, problem: this.#problem };
  }

  /** The keys, if they may be used at this moment without waiting; starts a refresh that is due. */
  current(): KeySet | undefined {
    const now = this.#now();
    if (now >= this.#dueAt() && this.#inFlight === undefined && !this.#closed) void this.#refresh('age');
    return this.#isUsable(now) ? this.#set : undefined;
  }

  /** The keys, waiting for a fetch if need be. Rejects with `Refusal` `idp_unavailable` or `closing`. */
  async get(): Promise<KeySet> {
    const now = this.#now();
    if (!this.#isUsable(now) && (this.#inFlight !== undefined || now >= this.#retryAt)) await this.#refresh('age');
    const set = this.current();
    if (set === undefined) throw this.#unavailable();
    return set;
  }

  /**
   * The keys after a key id was not found: fetched anew unless that was done a moment ago. While the issuer does not answer nobody can
   * say that the key does not exist, so this rejects with `Refusal` `idp_unavailable` then.
   */
  async getAfterUnknownKid(): Promise<KeySet> {
    const now = this.#now();
    const mayFetch = this.#failures > 0 ? now >= this.#retryAt : now >= this.#unknownKidUntil;
    if (this.#inFlight !== undefined || mayFetch) await this.#refresh('unknown_kid');
    const set = this.#failures > 0 ? undefined : this.current();
    if (set === undefined) throw this.#unavailable();
    return set;
  }

  #now(): number {
    return Number(this.#options.clock.monotonicNs() / 1_000_000n);
  }

  /** When the next fetch is due. */
  #dueAt(): number {
    if (this.#failures > 0) return this.#retryAt;
    return this.#set === undefined ? Number.POSITIVE_INFINITY : this.#fetchedAt + this.#refreshAfter;
  }

  #isUsable(now: number): boolean {
    if (this.#set === undefined) return false;
    const limit = this.#fetchedAt + this.#refreshAfter + this.#options.timing.refreshGraceMs;
    return now < limit || (this.#failures > 0 && now < limit + this.#options.timing.staleMs);
  }

  /** Joins the fetch under way or begins one. Never rejects. */
  #refresh(cause: Cause): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#inFlight !== undefined) return this.#inFlight;
    const attempt = this.#attempt(this.#failures > 0 ? 'retry' : this.#set === undefined ? 'start' : cause);
    // An observer or logger that throws must not become an unhandled rejection.
    this.#inFlight = attempt
      .catch(() => undefined)
      .then(() => {
        this.#inFlight = undefined;
        this.#arm();
      });
    return this.#inFlight;
  }

  async #attempt(cause: Cause): Promise<void> {
    const { fetcher, timing, observer, issuer } = this.#options;
    const abort = new AbortController();
    this.#abort = abort;
    const timer = setTimeout(() => abort.abort(), timing.timeoutMs);
    timer.unref();
    const discover =
      this.#set === undefined || this.#failures > 0 || this.#now() - this.#discoveredAt >= timing.metadataMaxAgeMs;
    try {
      const { set, maxAgeSeconds } = await fetcher.fetch(this.#set, discover, abort.signal);
      if (discover) this.#discoveredAt = this.#now();
      this.#succeed(set, maxAgeSeconds, cause);
    } catch (error) {
      if (this.#closed) return;
      this.#fail(error instanceof FetchProblem ? error.message : 'unexpected error', error);
    } finally {
      clearTimeout(timer);
    }
    observer.emit({ type: 'keys.refreshed', issuer, ok: this.#failures === 0, cause });
  }

  #succeed(set: KeySet, maxAgeSeconds: number | undefined, cause: Cause): void {
    const { timing, log, issuer } = this.#options;
    const kept = new Set(set.keys);
    for (const key of this.#set?.keys ?? []) key.retired = !kept.has(key);
    this.#set = set;
    this.#fetchedAt = this.#now();
    const wanted = maxAgeSeconds === undefined ? timing.refreshAfterMs : maxAgeSeconds * 1_000;
    this.#refreshAfter = Math.max(timing.refreshFloorMs, Math.min(timing.refreshAfterMs, wanted));
    if (cause === 'unknown_kid') this.#unknownKidUntil = this.#fetchedAt + timing.unknownKidCooldownMs;
    if (this.#failures > 0) logEvent(log, 'sallyport.issuer.keys_recovered', { issuer });
    this.#failures = 0;
    this.#problem = undefined;
  }

  #fail(problem: string, error: unknown): void {
    const { timing, log, issuer } = this.#options;
    const backoffMs = Math.min(timing.maxBackoffMs, timing.backoffMs * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#retryAt = this.#now() + backoffMs;
    this.#problem = problem;
    const fields = { issuer, problem, retryInMs: backoffMs, keysHeld: this.#isUsable(this.#now()) };
    if (error instanceof FetchProblem) logEvent(log, 'sallyport.issuer.keys_unavailable', fields);
    else logEvent(log, 'sallyport.issuer.keys_failed', { ...fields, error });
  }

  /** Sets the timer for the next fetch. */
  #arm(): void {
    this.#cancelTimer?.();
    const dueAt = this.#dueAt();
    if (this.#closed || dueAt === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#options.schedule(() => void this.#refresh('age'), Math.max(0, dueAt - this.#now()));
  }

  #unavailable(): Refusal {
    if (this.#closed) return new Refusal('closing');
    const seconds = Math.ceil((this.#retryAt - this.#now()) / 1_000);
    return new Refusal('idp_unavailable', {
      retryAfterSeconds: Math.max(1, seconds),
      detail: { issuer: this.issuer, problem: this.#problem ?? 'no keys' },
    });
  }
}
