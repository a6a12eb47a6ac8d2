import type { ScannedPiece } from '@sallyport/audit';
import { filterHints } from './filter-hints.ts';
import type { RecordFilter } from './record-filter.ts';
import { scanLog, type ScanLogOptions } from './scan-log.ts';
import { createScanTask } from './select-task.ts';

/**
 * Reads the lines of the records that a filter selects.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log.
 */
export function readLines(
  directory: string,
  filter: RecordFilter,
  options: ScanLogOptions,
): Promise<AsyncIterable<ScannedPiece<undefined>>> {
  const module = new URL('./select-task.js', import.meta.url).href;
  return scanLog(directory, { create: createScanTask, module, data: { filter, hints: filterHints(filter) } }, options);
}
