import { misconfiguredTiming, retryTiming, type BackoffTiming } from './backoff.ts';
import type { BatchLimits } from './stream-reader.ts';

/** The rhythm of exports; tests have a faster one. */
export interface ExportTiming {
  readonly limits: BatchLimits;
  /** Milliseconds between two looks at what is new; so long a batch has to gather. */
  readonly pollMs: number;
  /** Milliseconds between two writes of the cursor while there is more to send. */
  readonly saveMs: number;
  /** Milliseconds between two searches for streams of writers that are gone. */
  readonly searchMs: number;
  /** Milliseconds between two reports of the lag. */
  readonly lagMs: number;
  readonly retry: BackoffTiming;
  readonly misconfigured: BackoffTiming;
}

export const defaultExportTiming: ExportTiming = {
  limits: { records: 512, bytes: 1024 * 1024 },
  pollMs: 500,
  saveMs: 250,
  searchMs: 30_000,
  lagMs: 5000,
  retry: retryTiming,
  misconfigured: misconfiguredTiming,
};
