import type { AuditRecord } from '@sallyport/core';
import type { FieldPath, LineFields } from './line-fields.ts';
import type { ScanHints } from './line-sieve.ts';

/** What is done with the records of one piece of a log, in whatever thread that is read. */
export interface ScanTask<Result> {
  /** Spares a closer look at most lines. Must let through whatever `fits`. Default: every line is looked at. */
  readonly hints?: ScanHints;
  /** Select every record by its own facts alone, also one that ends a call: for who needs no ends. Default false. */
  readonly byOwnFacts?: boolean;
  /** Whether a record is selected by its own facts. Default: all are. */
  fits?(record: AuditRecord): boolean;
  /**
   * Takes a selected record and its line; a text is handed on as a row. Records that end a call are selected with the one that began
   * it, and so is the stream of a call. Where that stands in an earlier piece, the record is taken too, its row may be dropped, and
   * `decided` is false: count no such records here.
   */
  take(record: AuditRecord, line: () => string, decided: boolean): string | undefined;
  /** Members whose places `takeLine` is told. */
  readonly fields?: readonly FieldPath[];
  /**
   * Takes the line of a record, which is as a writer of this version writes it and has no escapes, straight from its bytes. False when it must be
   * taken in full. Only asked of a task without `fits`, to which every record is selected.
   */
  takeLine?(bytes: Buffer, fields: LineFields): boolean;
  /**
   * What the piece comes to; it is copied from thread to thread. Buffers that are members of it are handed over instead: they must be its
   * own, and not from a pool.
   */
  finish?(): Result;
}

/** Makes a task. Exported by its module under the name `createScanTask`. */
export type CreateScanTask<Data, Result> = (data: Data) => ScanTask<Result>;

/** A task that can be made in any thread. */
export interface ScanWork<Data, Result> {
  readonly create: CreateScanTask<Data, Result>;
  /** URL of the module that exports `create` as `createScanTask`. */
  readonly module: string;
  /** Given to `create`. It is copied from thread to thread. */
  readonly data: Data;
}
