import type { Clock } from '@sallyport/core';

/** The wall clock may be set, and a timer neither counts a suspended machine's time nor waits longer than 24.8 days. */
const checkEveryMs = 60_000;

/**
 * Runs something once, at a time of the wall clock; at once when that has passed. Does not keep the process alive.
 *
 * @param atMs milliseconds since the epoch
 * @returns what cancels it
 */
export function runAt(clock: Clock, atMs: number, run: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    const leftMs = atMs - clock.now();
    if (leftMs <= 0) {
      run();
      return;
    }
    timer = setTimeout(check, Math.min(leftMs, checkEveryMs));
    timer.unref();
  };
  check();
  return () => clearTimeout(timer);
}
