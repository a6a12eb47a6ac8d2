/** Keys in the order in which their time is over. */
export interface ExpiryQueue {
  push(key: string, endsAtMs: number): void;
  /** Takes out a key whose end is not after `nowMs`; `undefined` when there is none. */
  takeOver(nowMs: number): string | undefined;
}

/** A binary heap: adding and taking cost the logarithm of the number of keys, whatever the order of their ends. */
export function createExpiryQueue(): ExpiryQueue {
  const keys: string[] = [];
  const ends: number[] = [];

  function put(index: number, key: string, end: number): void {
    keys[index] = key;
    ends[index] = end;
  }

  function rise(from: number, key: string, end: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (endAt(parent) <= end) break;
      put(index, keys[parent] as string, endAt(parent));
      index = parent;
    }
    put(index, key, end);
  }

  function sink(key: string, end: number): void {
    const { length } = keys;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && endAt(child + 1) < endAt(child)) child += 1;
      if (end <= endAt(child)) break;
      put(index, keys[child] as string, endAt(child));
      index = child;
    }
    put(index, key, end);
  }

  function endAt(index: number): number {
    return ends[index] as number;
  }

  return {
    push(key, endsAtMs) {
      rise(keys.length, key, endsAtMs);
    },
    takeOver(nowMs) {
      const first = keys[0];
      if (first === undefined || endAt(0) > nowMs) return undefined;
      const lastKey = keys.pop() as string;
      const lastEnd = ends.pop() as number;
      if (keys.length > 0) sink(lastKey, lastEnd);
      return first;
    },
  };
}
