/** Time, so that tests can hold it. */
export interface Clock {
  /** Milliseconds since the epoch. May jump. */
  now(): number;
  /** Monotonic nanoseconds; never goes back. */
  monotonicNs(): bigint;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicNs: () => process.hrtime.bigint(),
};
