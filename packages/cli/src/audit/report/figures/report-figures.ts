import type { WouldDenyGroup } from '../../would-deny-groups.ts';
import type { FoundPeaks } from './find-peaks.ts';
import type { BucketSeries } from './time-buckets.ts';

/** The first rows of a table; totals stand apart and count all. */
export interface TopRows<Row> {
  readonly rows: readonly Row[];
  /** Rows that are not among them. */
  readonly more: number;
  /** What was counted in no row because there were too many. */
  readonly ungrouped: number;
}

/** First and last time of something, RFC 3339 in UTC; empty when no time could be read. */
export interface Span {
  readonly first: string;
  readonly last: string;
}

/** Decisions by effect. `wouldDeny`: observe mode let pass what the policy denies. */
export interface DecisionCounts {
  readonly allowed: number;
  readonly denied: number;
  readonly wouldDeny: number;
}

export interface CallerRow extends DecisionCounts, Span {
  readonly subject: string;
  readonly issuer: string;
  readonly clientId: string;
  /** `tool`, `resource`, `prompt`, `task`, or `method` for what has no target. */
  readonly kind: string;
  readonly target: string;
  readonly calls: number;
}

export interface DenialRow extends Span {
  readonly reason: string;
  readonly rule: string;
  readonly calls: number;
  /** Distinct callers, counted up to a thousand. */
  readonly subjects: number;
  /** Ids of the first of them. */
  readonly examples: readonly string[];
}

/** What was refused before there was a decision. */
export interface RefusalRow extends Span {
  readonly reason: string;
  /** An address, or the network of refusals that were counted together. */
  readonly source: string;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface EventRow {
  readonly at: string;
  readonly type: string;
  readonly stream: string;
  readonly seq: number;
  readonly what: string;
}

export interface EventRows {
  /** The newest, oldest first. */
  readonly rows: readonly EventRow[];
  readonly more: number;
}

/** What is counted of the records that a report is about. */
export interface ReportFigures {
  readonly span: Span;
  readonly records: number;
  /** Records by type. */
  readonly types: Readonly<Record<string, number>>;
  readonly decisions: DecisionCounts;
  /** Distinct callers, and distinct targets they named; `atLeast` when there were too many to tell apart. */
  readonly subjects: number;
  readonly targets: number;
  readonly atLeast: boolean;
  /** Ends of the calls that ran, by status. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Calls that ran and whose end is not among the records. */
  readonly open: number;
  /** Each counted one by one, and those that stand in records of several. */
  readonly authFailures: { readonly single: number; readonly together: number };
  readonly refusedRequests: { readonly single: number; readonly together: number };
  readonly callers: TopRows<CallerRow>;
  readonly denials: TopRows<DenialRow>;
  readonly failures: TopRows<RefusalRow>;
  readonly refusals: TopRows<RefusalRow>;
  readonly activity: BucketSeries & FoundPeaks & { readonly untimed: number };
  readonly observe: {
    readonly calls: number;
    readonly groups: readonly WouldDenyGroup[];
    readonly moreGroups: number;
    /** Starts of a server in observe mode. */
    readonly starts: number;
  };
  readonly events: {
    readonly operation: EventRows;
    readonly revocations: EventRows;
    readonly gaps: EventRows;
    readonly readings: EventRows;
    /** New files because the old one was full or old enough; not among the rows. */
    readonly rotations: number;
    /** Records that `audit.gap` records say were lost. */
    readonly lost: number;
    /** Readings whose end is not recorded. */
    readonly unfinishedReadings: number;
  };
  readonly redaction: {
    /** Records by level. */
    readonly levels: Readonly<Record<string, number>>;
    readonly hiddenValues: number;
    readonly shortenedValues: number;
    readonly digestedLeaves: number;
  };
}
