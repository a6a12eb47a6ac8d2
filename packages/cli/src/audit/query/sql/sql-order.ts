import type { JsonValue } from '@sallyport/core';

/** What the process is told that answers a statement. */
export interface SqlOrder {
  /** The private folder with the database. */
  readonly folder: string;
  readonly sql: string;
  /** Rows after which it stops. Absent: it does not. */
  readonly limit?: number;
}

/** A line of its answer: first the columns, then rows, and at last how it ended. Without an end it was stopped. */
export type SqlAnswerLine =
  | { readonly columns: readonly string[] }
  | readonly JsonValue[]
  | { readonly ended: { readonly more: boolean } }
  | { readonly refused: { readonly problem: string; readonly remedy: string } };

/** Bytes that the process may take: what DuckDB is given, and what functions make, which DuckDB does not count. */
export const maxProcessBytes: number = 1536 * 1024 * 1024;
