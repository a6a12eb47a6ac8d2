/** Numbers that look random and are the same in every run. */
export interface SteadyRandom {
  /** From 0 up to 1, without 1. */
  next(): number;
  /** A whole number from 0 up to `limit`, without it. */
  below(limit: number): number;
  /** One of a list, earlier ones more often: as popular things are. */
  popular<T>(list: readonly T[]): T;
}

/** A generator of George Marsaglia's kind (xorshift32): four operations a number, good enough to spread facts. */
export function createSteadyRandom(seed: number): SteadyRandom {
  // Zero would stay zero.
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    popular: (list) => {
      const one = list[Math.floor(next() ** 2 * list.length)];
      if (one === undefined) throw new Error('nothing to choose from');
      return one;
    },
  };
}
