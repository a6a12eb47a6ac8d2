import type { ScanTask } from '@sallyport/audit';
import type { FilterData } from './filter-data.ts';
import { createRecordTest, isType } from './record-filter.ts';

/** Hands on the lines of the selected records. */
export function createScanTask({ filter, hints }: FilterData): ScanTask<undefined> {
  return {
    hints,
    fits: createRecordTest(filter),
    take: (record, line) => (isType(record, filter) ? line() : undefined),
  };
}
