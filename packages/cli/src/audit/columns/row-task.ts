import type { ScanTask } from '@sallyport/audit';
import type { FilterData } from '../filter-data.ts';
import { createRecordTest, isType } from '../record-filter.ts';
import { csvRow } from './csv-row.ts';
import { rowFields } from './line-cells.ts';
import { writeLineRow } from './line-row.ts';
import { RowBuffer } from './row-buffer.ts';

export interface RowTaskData {
  /** What selects records; `undefined` for all. */
  readonly selected: FilterData | undefined;
  /** Whether rows have the whole record as their last column. */
  readonly withRecord: boolean;
}

/** Rows that are put together already. */
export interface ReadyRows {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** Makes rows of the selected records, for `readRows`: one by one, or of all records at once. */
export function createScanTask({ selected, withRecord }: RowTaskData): ScanTask<ReadyRows | undefined> {
  if (selected === undefined && !withRecord) return wholeLog();
  const { filter, hints } = selected ?? { filter: {}, hints: {} };
  return {
    hints,
    fits: createRecordTest(filter),
    take: (record, line) => (isType(record, filter) ? csvRow(record, withRecord ? line() : undefined) : undefined),
  };
}

/** Makes rows without making records, where that can be done. */
function wholeLog(): ScanTask<ReadyRows | undefined> {
  const buffer = new RowBuffer();
  return {
    fields: rowFields,
    takeLine: (bytes, fields) => writeLineRow(bytes, fields, buffer),
    take(record) {
      buffer.text(csvRow(record));
      return undefined;
    },
    finish: () => ({ rows: buffer.rows, bytes: buffer.bytes() }),
  };
}
