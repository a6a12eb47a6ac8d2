import type { AuditRecord } from '@sallyport/core';
import { callRow, endOf, type CallRow } from './call-row.ts';
import { beginsAttempt, endsAttempt } from './record-facts.ts';

export interface CallRowsOptions {
  /** Most rows kept; the oldest go. */
  readonly limit: number;
}

/** Joins the records of a log into rows, one for each attempt. */
export interface CallRows {
  /** Takes the next record. */
  see(record: AuditRecord): void;
  /** The newest rows, oldest first, and how many older ones are not among them. */
  finish(): { readonly rows: readonly CallRow[]; readonly left: number };
}

export function createCallRows({ limit }: CallRowsOptions): CallRows {
  const open = new Map<string, CallRow>();
  let rows: CallRow[] = [];
  let seen = 0;

  return {
    see(record) {
      const key = `${record.stream} ${record.call ?? ''}`;
      const begun = endsAttempt(record) ? open.get(key) : undefined;
      if (begun !== undefined) {
        begun.result = endOf(record);
        open.delete(key);
        return;
      }
      const row = callRow(record);
      if (beginsAttempt(record)) open.set(key, row);
      rows.push(row);
      seen += 1;
      if (rows.length >= limit * 2) rows = newest(rows, limit);
    },
    finish() {
      rows = newest(rows, limit);
      return { rows, left: seen - rows.length };
    },
  };
}

/** One stream is in order already, whatever its clock did; several are put together by time. */
function newest(rows: readonly CallRow[], limit: number): CallRow[] {
  const single = rows.every(({ stream }) => stream === rows[0]?.stream);
  const ordered = single ? rows : rows.toSorted((a, b) => timeOf(a) - timeOf(b));
  return ordered.slice(-limit);
}

function timeOf({ atMs }: CallRow): number {
  return Number.isNaN(atMs) ? 0 : atMs;
}
