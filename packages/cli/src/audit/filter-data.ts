import type { ScanHints } from '@sallyport/audit';
import type { RecordFilter } from './record-filter.ts';

/** A filter for a task of a scan. The hints are made where the task is ordered: the threads that read load less. */
export interface FilterData {
  readonly filter: RecordFilter;
  /** `filterHints` of the filter. */
  readonly hints: ScanHints;
}
