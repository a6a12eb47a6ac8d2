import type { AttemptPart } from '@sallyport/core';
import type { ReadFindingCode } from '../read/read-audit-log.ts';
import type { MissingFindingCode } from '../read/read-whole-log.ts';
import type { OpenSelection } from './attempt-selection.ts';

/** A piece of a segment: the lines that begin in it. */
export interface ScanOrder {
  readonly path: string;
  readonly stream: string;
  /** File name without its directory. */
  readonly file: string;
  readonly from: number;
  /** Index behind the last byte. */
  readonly to: number;
  /** Bytes of the file when the scan began: what is added later is not read. */
  readonly size: number;
  /** First number of the next segment: from it on, records here were never acknowledged. */
  readonly supersededFrom: number | undefined;
  /** Number that the first record should have; `undefined` when it is not known yet, and the first one counts. */
  readonly nextSeq: number | undefined;
}

/** What can be wrong with a line, or missing. */
export type ScanFindingCode = ReadFindingCode | MissingFindingCode;

/** What is wrong with a line of a piece. */
export interface PieceFinding {
  readonly code: ScanFindingCode;
  /** Counted from 1 at the beginning of the piece. */
  readonly line: number;
  readonly problem: string;
}

/** What a piece came to. */
export interface PieceResult<Result> {
  /** Lines that begin in the piece. */
  readonly lines: number;
  readonly records: number;
  /** Records that fit by their own facts, and the ends of calls that were selected here. */
  readonly rows: readonly string[];
  /** Records that are selected with one of an earlier piece. */
  readonly undecided: readonly UndecidedRow[];
  /** Attempts that began here and are open at the end. */
  readonly open: readonly OpenSelection[];
  /** The first thousand. */
  readonly findings: readonly PieceFinding[];
  /** How many more there are. */
  readonly omitted: number;
  /** Whether the last line is no record: it is torn when nothing follows it. */
  readonly badEnd: PieceFinding | undefined;
  readonly firstSeq: number | undefined;
  /** Its line, counted as in findings. */
  readonly firstLine: number;
  /** The number after the highest. */
  readonly nextSeq: number | undefined;
  /** What retention says of where the log begins. */
  readonly retainedFrom: number;
  readonly result: Result | undefined;
}

export interface UndecidedRow extends AttemptPart {
  /** Index in `rows`, or -1 when there is none. */
  readonly row: number;
  /** Whether it is selected when what it belongs to is not in this log. */
  readonly fits: boolean;
}
