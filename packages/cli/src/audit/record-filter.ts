import type { AuditRecord } from '@sallyport/core';
import { beginsAttempt, endsAttempt, textAt, wouldDeny } from './record-facts.ts';
import { matchesWildcard } from './wildcard.ts';

export interface RecordFilter {
  /** `sub` of the caller, or of whose tokens were revoked, exactly. */
  readonly subject?: string | undefined;
  /** Name of a tool; `*` stands for any characters. */
  readonly tool?: string | undefined;
  readonly decision?: 'allow' | 'deny' | undefined;
  /** Only what observe mode let pass although the policy denies it. */
  readonly wouldDeny?: boolean | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly sinceMs?: number | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly untilMs?: number | undefined;
  /** Id of a call or the beginning of one, in lower case. */
  readonly call?: string | undefined;
}

/**
 * Makes the test for the records of one log, to be called in their order: the record that ends a call is selected with the one
 * that began it, whatever its own facts are. Memory is bounded by the calls that are open at a time.
 */
export function createRecordFilter(filter: RecordFilter): (record: AuditRecord) => boolean {
  const open = new Map<string, boolean>();
  return (record) => {
    const { call } = record;
    if (typeof call !== 'string') return fits(record, filter);
    const key = `${record.stream} ${call}`;
    const began = open.get(key);
    if (endsAttempt(record) && began !== undefined) {
      open.delete(key);
      return began;
    }
    const selected = fits(record, filter);
    if (beginsAttempt(record)) open.set(key, selected);
    return selected;
  };
}

function fits(record: AuditRecord, filter: RecordFilter): boolean {
  const { subject, tool, decision, sinceMs, untilMs, call } = filter;
  if (call !== undefined && textAt(record, 'call')?.startsWith(call) !== true) return false;
  if (subject !== undefined && subjectOf(record) !== subject) return false;
  if (decision !== undefined && textAt(record, 'decision', 'effect') !== decision) return false;
  if (filter.wouldDeny === true && !wouldDeny(record)) return false;
  if (tool !== undefined && !isTool(record, tool)) return false;
  if (sinceMs === undefined && untilMs === undefined) return true;
  const at = Date.parse(record.at);
  // A time that can not be read is shown rather than hidden.
  if (Number.isNaN(at)) return true;
  return at >= (sinceMs ?? Number.NEGATIVE_INFINITY) && at <= (untilMs ?? Number.POSITIVE_INFINITY);
}

/** Whom a record is about: the caller, or whose tokens were revoked. */
function subjectOf(record: AuditRecord): string | undefined {
  return textAt(record, 'actor', 'sub') ?? textAt(record, 'revocation', 'sub');
}

function isTool(record: AuditRecord, pattern: string): boolean {
  const name = textAt(record, 'target', 'name');
  return textAt(record, 'target', 'kind') === 'tool' && name !== undefined && matchesWildcard(pattern, name);
}
