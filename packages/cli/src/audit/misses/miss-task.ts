import type { ScanTask } from '@sallyport/audit';
import { textAt, valueAt, type AuditRecord } from '@sallyport/core';
import { addressOf, addressTest, isAddressFilter } from '../address-filter.ts';
import { countOf } from '../count-of.ts';
import type { FilterData } from '../filter-data.ts';
import { createRecordTest, isType, type RecordFilter } from '../record-filter.ts';

/** What an option can not find, although the calls may be those that are looked for. */
export type Miss = 'hash' | 'ip' | 'subject';

export interface MissTaskData extends FilterData {
  readonly miss: Miss;
}

/** How a value looks that is recorded as a keyed hash. */
export const hashMark = 'hmac-sha256:';

/** Counts what an option of a filter can not find, among the records that fit the rest of it. */
export function createScanTask({ filter, hints, miss }: MissTaskData): ScanTask<number> {
  const others = createRecordTest({ ...filter, [miss]: undefined });
  const hides = testOf(miss, filter);
  let count = 0;
  return {
    byOwnFacts: true,
    hints,
    take(record) {
      if (hides(record) && isType(record, filter) && others(record)) count += countOf(record);
      return undefined;
    },
    finish: () => count,
  };
}

function testOf(miss: Miss, { ip }: RecordFilter): (record: AuditRecord) => boolean {
  switch (miss) {
    case 'hash':
      return (record) => Number(valueAt(record, 'redaction', 'digestedLeaves')) > 0;
    case 'subject':
      return (record) => textAt(record, 'actor', 'sub')?.startsWith(hashMark) === true;
    case 'ip':
      return mayHold(ip);
  }
}

/** Refusals that were counted together, of a network that has the address or a part of it, or of nobody knows which. */
function mayHold(ip: string | undefined): (record: AuditRecord) => boolean {
  const inside = addressTest(ip);
  return (record) => {
    if (record.type !== 'audit.aggregated') return false;
    const network = addressOf(record);
    if (inside(network)) return false;
    return network === undefined || !isAddressFilter(network) || addressTest(network)(ip);
  };
}
