import type { ScanTask } from '@sallyport/audit';
import type { FilterData } from '../../filter-data.ts';
import { createRecordTest, isPartOfCall, isType } from '../../record-filter.ts';
import { CallGroups, type CallGroup } from './call-group.ts';
import type { GroupKey } from './group-key.ts';

export interface GroupTaskData extends FilterData {
  readonly keys: readonly GroupKey[];
}

/** Counts calls by groups. Records of which it is not known here whether they are selected are handed on as rows. */
export function createScanTask({ filter, hints, keys }: GroupTaskData): ScanTask<readonly CallGroup[]> {
  const groups = new CallGroups(keys);
  return {
    hints,
    fits: createRecordTest(filter),
    take(record, line, decided) {
      if (!isType(record, filter) || isPartOfCall(record, filter)) return undefined;
      if (!decided) return line();
      groups.see(record);
      return undefined;
    },
    finish: () => groups.list(),
  };
}
