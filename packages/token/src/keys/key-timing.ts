/** The clockwork of one issuer's keys. All in milliseconds. */
export interface KeyTiming {
  /** For one attempt from the first byte sent to the last byte read, metadata included. */
  readonly timeoutMs: number;
  /** Age at which keys are fetched again while they go on being used; a `max-age` of the issuer makes it shorter. */
  readonly refreshAfterMs: number;
  /** No `max-age` makes it shorter than this. */
  readonly refreshFloorMs: number;
  /** How much older keys may get before a request waits for the refresh. */
  readonly refreshGraceMs: number;
  /** How long keys that can not be refreshed, because the issuer does not answer, go on being used after that. */
  readonly staleMs: number;
  /** Least time between two fetches because of a key id nobody knows. */
  readonly unknownKidCooldownMs: number;
  /** Wait after the first failure; doubles with each further one up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Age at which the metadata is read again; it also is after a failure. */
  readonly metadataMaxAgeMs: number;
}

/** Keys reach an age of at most 10 minutes unless the issuer is down: that bounds how long a withdrawn key is accepted. */
export const defaultKeyTiming: KeyTiming = {
  timeoutMs: 5_000,
  refreshAfterMs: 570_000,
  refreshFloorMs: 60_000,
  refreshGraceMs: 30_000,
  staleMs: 3_600_000,
  unknownKidCooldownMs: 30_000,
  backoffMs: 1_000,
  maxBackoffMs: 60_000,
  metadataMaxAgeMs: 12 * 3_600_000,
};

/** Runs a function later and gives the way to call it off. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

/** A timer that does not keep the process alive. */
export const scheduleTimer: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
