import { textAt, type AuditRecord } from '@sallyport/core';
import { issuerOf, subjectOf, toolOf } from '../../record-filter.ts';

/** What calls can be grouped by. Times are UTC. */
export const groupKeys = [
  'subject',
  'client',
  'issuer',
  'tenant',
  'tool',
  'method',
  'decision',
  'reason',
  'rule',
  'type',
  'ip',
  'stream',
  'hour',
  'day',
  'month',
] as const;

export type GroupKey = (typeof groupKeys)[number];

/** What a record is by a key; `undefined` when it says nothing of it. */
export function groupValue(record: AuditRecord, key: GroupKey): string | undefined {
  switch (key) {
    case 'subject':
      return subjectOf(record);
    case 'client':
      return textAt(record, 'actor', 'clientId');
    case 'issuer':
      return issuerOf(record);
    case 'tenant':
      return textAt(record, 'actor', 'tenant');
    case 'tool':
      return toolOf(record);
    case 'method':
      return textAt(record, 'mcp', 'method');
    case 'decision':
      return textAt(record, 'decision', 'effect');
    case 'reason':
      return textAt(record, 'decision', 'reason');
    case 'rule':
      return textAt(record, 'decision', 'rule');
    case 'ip':
      return textAt(record, 'source', 'ip');
    case 'type':
    case 'stream':
      return record[key];
    case 'hour':
      return `${record.at.slice(0, 13)}:00`;
    case 'day':
      return record.at.slice(0, 10);
    case 'month':
      return record.at.slice(0, 7);
  }
}
