import type { ReadFindingCode } from './read-audit-log.ts';

/**
 * What can be wrong with a log as a whole, beyond what is wrong with single lines.
 *
 * - `gap`: sequence numbers are missing.
 * - `duplicate`: a sequence number stands where it or a later one has been already.
 * - `clock_backwards`: monotonic time runs backwards within one process start.
 * - `no_outcome`: an allowed call, or an opened stream, whose end is not recorded. Of a log that is being written these are the
 *   calls in flight.
 * - `no_decision`: an end without a beginning, or a second end.
 * - `lost`: the writer itself recorded that it lost records.
 */
export type CompletenessFindingCode =
  | ReadFindingCode
  | 'gap'
  | 'duplicate'
  | 'clock_backwards'
  | 'no_outcome'
  | 'no_decision'
  | 'lost';

export interface CompletenessFinding {
  readonly code: CompletenessFindingCode;
  readonly stream: string;
  readonly file?: string;
  readonly line?: number;
  readonly call?: string;
  /** One readable line. */
  readonly problem: string;
}

/** The sum over all streams, and over each. */
export interface CompletenessCounts {
  readonly records: number;
  /** Allowed calls and those that observe mode let pass, and how many of them have an outcome. */
  readonly allows: number;
  readonly allowsWithOutcome: number;
  /** Outcomes with status `aborted`: the process died, what the call did is not known. */
  readonly aborted: number;
  /** Calls the policy refused and that did not run. */
  readonly denies: number;
  /** `auth.failure` and `request.refused`, without those that were counted together. */
  readonly refusals: number;
  /** Anonymous refusals that stand in `audit.aggregated` records. */
  readonly aggregated: number;
  /** Records that `audit.gap` records account for. */
  readonly lost: number;
  /** Sequence numbers that are missing. */
  readonly missing: number;
  readonly duplicates: number;
  readonly unparsable: number;
  readonly clockBackwards: number;
  /** Unfinished last lines. No finding where a crash explains them. */
  readonly torn: number;
  /** Records that were never acknowledged. No finding where the log explains them. */
  readonly superseded: number;
}

export interface StreamCompleteness extends CompletenessCounts {
  readonly stream: string;
  readonly segments: number;
  /** Whether the last writer closed the stream. */
  readonly closed: boolean;
}

export interface CompletenessReport extends CompletenessCounts {
  /** True when there are no findings. */
  readonly complete: boolean;
  readonly streams: readonly StreamCompleteness[];
  /** At most 1000; `omittedFindings` says how many more there are. */
  readonly findings: readonly CompletenessFinding[];
  readonly omittedFindings: number;
}

export type MutableCounts = { -readonly [Name in keyof CompletenessCounts]: number };

export function noCounts(): MutableCounts {
  return {
    records: 0,
    allows: 0,
    allowsWithOutcome: 0,
    aborted: 0,
    denies: 0,
    refusals: 0,
    aggregated: 0,
    lost: 0,
    missing: 0,
    duplicates: 0,
    unparsable: 0,
    clockBackwards: 0,
    torn: 0,
    superseded: 0,
  };
}
