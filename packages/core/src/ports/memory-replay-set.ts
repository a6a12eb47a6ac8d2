import { systemClock, type Clock } from './clock.ts';
import { createExpiryQueue } from './expiry-queue.ts';
import type { ReplaySet } from './replay-set.ts';

export interface MemoryReplaySetOptions {
  /** Keys kept at a time. Beyond, nothing is added: to forget a key that still counts would let it be replayed. */
  readonly maxEntries: number;
  /** Its monotonic time is used, so that a jump of the wall clock neither ends an entry nor revives it. */
  readonly clock?: Clock;
}

/** A replay set that answers at once. */
export interface MemoryReplaySet extends ReplaySet {
  add(key: string, ttlMs: number): boolean;
}

/**
 * A replay set in the memory of this process, for one process: two processes do not see each other's keys. Keys whose time is over
 * make room; keys whose time is not over never do. There are no timers.
 *
 * @throws RangeError when `maxEntries` is not a positive integer. `add` throws one when `ttlMs` is not a positive, finite number,
 * and an `Error` when the set is full.
 */
export function createMemoryReplaySet(options: MemoryReplaySetOptions): MemoryReplaySet {
  const { maxEntries, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new RangeError(`maxEntries: ${maxEntries} is not a positive integer`);
  }
  const originNs = clock.monotonicNs();
  const keys = new Set<string>();
  const queue = createExpiryQueue();

  return {
    add(key, ttlMs) {
      if (!Number.isFinite(ttlMs) || ttlMs <= 0)
        throw new RangeError(`ttlMs: ${ttlMs} is not a positive, finite number`);
      const nowMs = Number(clock.monotonicNs() - originNs) / 1_000_000;
      for (let over = queue.takeOver(nowMs); over !== undefined; over = queue.takeOver(nowMs)) keys.delete(over);
      if (keys.has(key)) return false;
      if (keys.size >= maxEntries) throw new Error(`the replay set is full: ${maxEntries} keys`);
      keys.add(key);
      queue.push(key, nowMs + ttlMs);
      return true;
    },
  };
}
