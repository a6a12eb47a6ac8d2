import { systemClock, type Clock } from './clock.ts';
import type { KeyValueStore } from './key-value-store.ts';

export interface MemoryKeyValueStoreOptions {
  /** Entries kept at a time; the one written longest ago makes room. */
  readonly maxEntries: number;
  /** Its monotonic time is used, so that a jump of the wall clock neither ends an entry nor revives it. */
  readonly clock?: Clock;
}

interface Entry {
  readonly value: string;
  readonly endsAtNs: bigint;
}

/**
 * A key-value store in the memory of this process, for one process. Entries are dropped when they are read after their end
 * or when room is needed; there are no timers.
 *
 * @throws RangeError when `maxEntries` is not a positive integer; `set` rejects with one when `ttlMs` is not a positive,
 * finite number.
 */
export function createMemoryKeyValueStore(options: MemoryKeyValueStoreOptions): KeyValueStore {
  const { maxEntries, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new RangeError(`maxEntries: ${maxEntries} is not a positive integer`);
  }
  // In the order of writing: the first key is the oldest.
  const entries = new Map<string, Entry>();

  return {
    async get(key) {
      return read(key)?.value;
    },
    async set(key, value, ttlMs) {
      if (!Number.isFinite(ttlMs) || ttlMs <= 0)
        throw new RangeError(`ttlMs: ${ttlMs} is not a positive, finite number`);
      entries.delete(key);
      if (entries.size >= maxEntries) entries.delete(entries.keys().next().value as string);
      entries.set(key, { value, endsAtNs: clock.monotonicNs() + BigInt(Math.ceil(ttlMs * 1_000_000)) });
    },
    async delete(key) {
      const existed = read(key) !== undefined;
      entries.delete(key);
      return existed;
    },
  };

  function read(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry === undefined || clock.monotonicNs() < entry.endsAtNs) return entry;
    entries.delete(key);
    return undefined;
  }
}
