import type { Clock } from '@sallyport/core';
import type { Schedule } from '../../src/keys/key-timing.ts';

/** Time that stands still until a test moves it. Wall clock and monotonic clock move together; `jump` moves the wall clock alone. */
export class FakeClock implements Clock {
  #wallMs = 1_790_000_000_000;
  #monotonicMs = 5_000_000;
  readonly #timers = new Set<{ readonly run: () => void; readonly atMs: number }>();

  now(): number {
    return this.#wallMs;
  }

  monotonicNs(): bigint {
    return BigInt(this.#monotonicMs) * 1_000_000n;
  }

  get nowSeconds(): number {
    return this.#wallMs / 1_000;
  }

  /** Timers that run when `advance` passes them. */
  readonly schedule: Schedule = (run, delayMs) => {
    const timer = { run, atMs: this.#monotonicMs + delayMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get timers(): number {
    return this.#timers.size;
  }

  /** Moves time without running timers, as a process that was suspended sees it. */
  skip(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  advance(ms: number): void {
    this.skip(ms);
    for (const timer of this.#timers) {
      if (timer.atMs > this.#monotonicMs) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }

  jump(ms: number): void {
    this.#wallMs += ms;
  }
}
