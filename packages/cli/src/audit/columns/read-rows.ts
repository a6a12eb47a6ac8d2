import type { ScannedPiece } from '@sallyport/audit';
import { filterHints } from '../filter-hints.ts';
import { isEmptyFilter, type RecordFilter } from '../record-filter.ts';
import { scanLog, type ScanLogOptions } from '../scan-log.ts';
import { createScanTask, type ReadyRows } from './row-task.ts';

export interface ReadRowsOptions extends ScanLogOptions {
  /** Whether rows have the whole record as their last column. Default false. */
  readonly withRecord?: boolean;
}

/** The rows of a piece of a log. */
export interface RowPiece {
  /** Records of the log, also those that are not selected. */
  readonly records: number;
  readonly rows: number;
  /** The rows, one after the other. */
  readonly text: string | Uint8Array;
}

/**
 * Reads the records that a filter selects as rows for DuckDB.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log.
 */
export async function readRows(
  directory: string,
  filter: RecordFilter,
  { withRecord = false, ...options }: ReadRowsOptions,
): Promise<AsyncIterable<RowPiece>> {
  const module = new URL('./row-task.js', import.meta.url).href;
  const selected = isEmptyFilter(filter) ? undefined : { filter, hints: filterHints(filter) };
  return piecesOf(
    await scanLog(directory, { create: createScanTask, module, data: { selected, withRecord } }, options),
  );
}

async function* piecesOf(
  scanned: AsyncIterable<ScannedPiece<ReadyRows | undefined>>,
): AsyncGenerator<RowPiece, void, undefined> {
  for await (const { records, rows, result } of scanned) {
    yield result === undefined
      ? { records, rows: rows.length, text: rows.join('') }
      : { records, rows: result.rows, text: result.bytes };
  }
}
