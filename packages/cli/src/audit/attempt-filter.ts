import { AttemptSelection } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import { createRecordTest, isType, type RecordFilter } from './record-filter.ts';

/**
 * Makes the test for the records of one log, to be called in their order: the record that ends a call is selected with the one
 * that began it, and so is its stream, whatever their own facts are. Memory is bounded by the calls that are open at a time.
 */
export function createRecordFilter(filter: RecordFilter): (record: AuditRecord) => boolean {
  const fits = createRecordTest(filter);
  const streams = new Map<string, AttemptSelection>();
  return (record) => {
    const selection = streams.get(record.stream) ?? new AttemptSelection();
    streams.set(record.stream, selection);
    return selection.selects(record, fits) && isType(record, filter);
  };
}
