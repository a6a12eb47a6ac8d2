import { textAt, wouldDeny, type AuditRecord } from '@sallyport/core';
import { successOf } from '../success.ts';

const byType: ReadonlyMap<string, number> = new Map([
  ['audit.gap', 9],
  ['audit.aggregated', 6],
  ['audit.key_rotated', 4],
  ['token.revoked', 4],
]);

/** From 0 to 10: 9 for lost records, 5 and 6 for refusals, 4 for what failed or changed keys and tokens, 1 for everything else. */
export function cefSeverity(record: AuditRecord, end: AuditRecord | undefined): number {
  const known = byType.get(record.type);
  if (known !== undefined) return known;
  if (textAt(record, 'decision', 'effect') === 'deny') return wouldDeny(record) ? 3 : 5;
  return successOf(record, end) === 'failure' ? 4 : 1;
}
