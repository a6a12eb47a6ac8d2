import { valueAt, type AuditRecord } from '@sallyport/core';

/** For how many a record stands: anonymous refusals of a flood are counted in one. */
export function countOf(record: AuditRecord): number {
  const count = record.type === 'audit.aggregated' ? valueAt(record, 'detail', 'count') : undefined;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 1;
}
