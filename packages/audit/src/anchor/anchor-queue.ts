import { logEvent, tell, type Observer, type OperationalLogger } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import type { CheckpointAnchor } from './checkpoint-anchor.ts';

export interface AnchorQueueOptions {
  /** Of the checkpoints. */
  readonly origin: string;
  readonly log: OperationalLogger;
  readonly observer: Observer;
}

interface Waiting {
  readonly note: string;
  readonly size: number;
  /** Monotonic milliseconds at which it was signed. */
  readonly sinceMs: number;
}

const defaultIntervalSeconds = 10;
const firstRetryMs = 1000;
const lastRetryMs = 60_000;
const attemptMs = 15_000;

/** Brings checkpoints to one anchor: always the newest, again until it is held, and never in anybody's way. */
export class AnchorQueue {
  readonly #anchor: CheckpointAnchor;
  readonly #options: AnchorQueueOptions;
  readonly #intervalMs: number;
  readonly #stop: AbortController = new AbortController();
  /** The newest checkpoint that the anchor does not hold, and how long there has been one. */
  #waiting: Waiting | undefined;
  #behindSinceMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> | undefined;
  #lastMs: number = Number.NEGATIVE_INFINITY;
  #retryMs = 0;
  #closing = false;
  #asked = false;

  constructor(anchor: CheckpointAnchor, options: AnchorQueueOptions) {
    this.#anchor = anchor;
    this.#options = options;
    this.#intervalMs = (anchor.intervalSeconds ?? defaultIntervalSeconds) * 1000;
  }

  /** What is wrong, in one line for an operator. */
  get problem(): string | undefined {
    if (this.#retryMs === 0) return undefined;
    const seconds = Math.round((performance.now() - this.#behindSinceMs) / 1000);
    return `the anchor ${this.#anchor.name} has not taken a checkpoint for ${seconds} s`;
  }

  offer(note: string, size: number): void {
    const sinceMs = performance.now();
    if (this.#waiting === undefined) this.#behindSinceMs = sinceMs;
    this.#waiting = { note, size, sinceMs };
    this.#schedule();
  }

  /** Publishes what waits, in at most so many milliseconds, and stops. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const giveUp = setTimeout(() => this.#stop.abort(), timeoutMs);
    await this.#publishing;
    if (!this.#stop.signal.aborted) await this.#publish();
    clearTimeout(giveUp);
    if (this.#waiting !== undefined) {
      const { size } = this.#waiting;
      logEvent(this.#options.log, 'sallyport.audit.anchor_unfinished', { ...this.#facts(), size });
    }
  }

  #schedule(): void {
    if (this.#closing || this.#timer !== undefined || this.#publishing !== undefined) return;
    const delayMs = Math.max(0, this.#lastMs + Math.max(this.#intervalMs, this.#retryMs) - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#publishing = this.#publish().finally(() => {
        this.#publishing = undefined;
        if (this.#waiting !== undefined) this.#schedule();
      });
    }, delayMs);
    this.#timer.unref();
  }

  async #publish(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#lastMs = performance.now();
    try {
      await this.#attempt(waiting.note);
    } catch (error) {
      this.#onFailed(waiting, error);
      return;
    }
    if (this.#retryMs > 0) {
      const facts = { ...this.#facts(), behindMs: Math.round(performance.now() - this.#behindSinceMs) };
      logEvent(this.#options.log, 'sallyport.audit.anchor_recovered', facts);
    }
    this.#retryMs = 0;
    this.#tell(true, performance.now() - waiting.sinceMs);
    if (this.#waiting === waiting) this.#waiting = undefined;
    else this.#behindSinceMs = this.#waiting?.sinceMs ?? 0;
  }

  /** An anchor that does not answer holds up nobody, and is not asked again before it has. */
  async #attempt(note: string): Promise<void> {
    if (this.#asked) throw new Error('no answer');
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), attemptMs);
    timer.unref();
    const signal = AbortSignal.any([this.#stop.signal, late.signal]);
    this.#asked = true;
    const published = this.#anchor.publish(note, signal).finally(() => {
      this.#asked = false;
    });
    published.catch(() => undefined);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
    });
    try {
      await Promise.race([published, aborted]);
    } finally {
      clearTimeout(timer);
    }
  }

  #onFailed({ size }: Waiting, error: unknown): void {
    if (this.#retryMs === 0) {
      const facts = { ...this.#facts(), size, error: errorText(error) };
      logEvent(this.#options.log, 'sallyport.audit.anchor_failed', facts);
    }
    this.#retryMs = Math.min(Math.max(this.#retryMs * 2, firstRetryMs), lastRetryMs);
    this.#tell(false, performance.now() - this.#behindSinceMs);
  }

  #facts(): { readonly origin: string; readonly anchor: string } {
    return { origin: this.#options.origin, anchor: this.#anchor.name };
  }

  #tell(ok: boolean, lagMs: number): void {
    const { origin, observer } = this.#options;
    tell(observer, { type: 'audit.anchored', origin, anchor: this.#anchor.name, ok, lagMs: Math.max(0, lagMs) });
  }
}
