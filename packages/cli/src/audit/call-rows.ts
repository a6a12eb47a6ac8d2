import { closingKey, openingKey, type AuditRecord } from '@sallyport/core';
import { endOf, type CallRow } from './call-row.ts';

export interface CallRowsOptions<Row extends CallRow> {
  /** Most rows kept. */
  readonly limit: number;
  /** Order of the rows, of which the first are kept. Default: by time, of which the last are kept. */
  readonly order?: (a: CallRow, b: CallRow) => number;
  /** Makes the row of a record that begins an attempt, or stands for itself. */
  readonly rowOf: (record: AuditRecord) => Row;
  /** Told the record that ends the attempt of a row. */
  readonly onEnd?: (row: Row, record: AuditRecord) => void;
}

/** Joins the records of a log into rows, one for each attempt. */
export interface CallRows<Row extends CallRow> {
  /** Takes the next record. */
  see(record: AuditRecord): void;
  /** The rows, and how many are not among them. */
  finish(): { readonly rows: readonly Row[]; readonly left: number };
}

export function createCallRows<Row extends CallRow>(options: CallRowsOptions<Row>): CallRows<Row> {
  const { limit, order, rowOf, onEnd } = options;
  const open = new Map<string, Row>();
  let rows: Row[] = [];
  let seen = 0;
  const kept = (): Row[] => (order === undefined ? newest(rows, limit) : rows.toSorted(order).slice(0, limit));

  return {
    see(record) {
      const ended = closingKey(record);
      const begun = ended === undefined ? undefined : open.get(`${record.stream} ${ended}`);
      if (begun !== undefined) {
        begun.result = endOf(record);
        onEnd?.(begun, record);
        open.delete(`${record.stream} ${ended}`);
        return;
      }
      const row = rowOf(record);
      const opened = openingKey(record);
      if (opened !== undefined) open.set(`${record.stream} ${opened}`, row);
      rows.push(row);
      seen += 1;
      if (rows.length >= limit * 2) rows = kept();
    },
    finish() {
      rows = kept();
      return { rows, left: seen - rows.length };
    },
  };
}

/** One stream is in order already, whatever its clock did; several are put together by time. */
function newest<Row extends CallRow>(rows: readonly Row[], limit: number): Row[] {
  const single = rows.every(({ stream }) => stream === rows[0]?.stream);
  const ordered = single ? rows : rows.toSorted((a, b) => timeOf(a) - timeOf(b));
  return ordered.slice(-limit);
}

/** For an order; a time that can not be read comes first. */
export function timeOf({ atMs }: CallRow): number {
  return Number.isNaN(atMs) ? 0 : atMs;
}
