import type { Clock } from '../../src/ports/clock.ts';

/** A clock that moves only when told to. */
export interface HeldClock extends Clock {
  /** Milliseconds since the epoch; may be set. */
  wallMs: number;
  advance(ms: number): void;
}

export function heldClock(wallMs = Date.UTC(2026, 10, 20, 21, 0, 0)): HeldClock {
  let elapsedNs = 1_000n;
  return {
    wallMs,
    now() {
      return this.wallMs;
    },
    monotonicNs: () => elapsedNs,
    advance(ms) {
      this.wallMs += ms;
      elapsedNs += BigInt(Math.round(ms * 1_000_000));
    },
  };
}
