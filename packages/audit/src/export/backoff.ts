import { randomInt } from 'node:crypto';

export interface BackoffTiming {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Between attempts while a receiver does not answer, or asks to wait. */
export const retryTiming: BackoffTiming = { firstMs: 500, lastMs: 60_000 };
/** While only a changed configuration can help. */
export const misconfiguredTiming: BackoffTiming = { firstMs: 15_000, lastMs: 300_000 };

/** From 0 to 1. */
function randomShare(): number {
  return randomInt(0, 1_000_001) / 1_000_000;
}

/** No receiver can hold a record back for longer by asking to wait. */
const maxRetryAfterMs = 3_600_000;

/**
 * Milliseconds before the next attempt: doubled each time, with a half that is random, so that many processes do not return to
 * a receiver at the same moment. Never less than the receiver asked for, up to an hour.
 *
 * @param attempt failed attempts so far, from 1
 */
export function backoffMs(
  attempt: number,
  timing: BackoffTiming,
  retryAfterMs = 0,
  random: () => number = randomShare,
): number {
  const full = Math.min(timing.lastMs, timing.firstMs * 2 ** Math.min(attempt - 1, 30));
  const asked = Math.min(retryAfterMs, maxRetryAfterMs);
  return Math.round(Math.max(full / 2 + (full / 2) * random(), asked + (Math.min(full, 1000) / 2) * random()));
}
