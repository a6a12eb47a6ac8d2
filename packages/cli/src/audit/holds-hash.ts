import { valueAt, type AuditRecord, type JsonValue } from '@sallyport/core';

/** Where a hash stands for something that was sent. Not among them: `detail`, where readings quote what was looked for. */
const members = ['arguments', 'result', 'actor', 'token', 'revocation', 'target', 'mcp', 'source'] as const;

/** Whether a keyed hash stands in a record for a value of its call. A shortened text ends in the hash of all of it. */
export function holdsHash(record: AuditRecord, hash: string): boolean {
  return members.some((name) => holds(valueAt(record, name), hash));
}

function holds(value: JsonValue | undefined, hash: string): boolean {
  if (typeof value === 'string') return value.includes(hash);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((child: JsonValue) => holds(child, hash));
}
