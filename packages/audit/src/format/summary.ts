import { endsAttempt, textAt, whyDenied, wouldDeny, type AuditRecord } from '@sallyport/core';

/** What happened, in a line for people: `tools/call read-note by alice: allowed, ok`. `end` is the record that ended the attempt. */
export function summaryOf(record: AuditRecord, end?: AuditRecord): string {
  const what = [textAt(record, 'mcp', 'method') ?? record.type, textAt(record, 'target', 'name')];
  const who = textAt(record, 'actor', 'sub') ?? textAt(record, 'revocation', 'sub');
  const subject = [...what, ...(who === undefined ? [] : ['by', who])].filter((part) => part !== undefined).join(' ');
  const facts = [decided(record), outcomeOf(endsAttempt(record) ? record : end)].filter((fact) => fact !== undefined);
  return facts.length === 0 ? subject : `${subject}: ${facts.join(', ')}`;
}

/** How an attempt ended: `ok`, `tool_error` and so on; `undefined` while it has not. */
export function outcomeOf(end: AuditRecord | undefined): string | undefined {
  return end === undefined ? undefined : (textAt(end, 'outcome', 'status') ?? 'ended');
}

function decided(record: AuditRecord): string | undefined {
  if (wouldDeny(record)) return `would be denied (${whyDenied(record)})`;
  const effect = textAt(record, 'decision', 'effect');
  if (effect === 'deny') return `denied (${whyDenied(record)})`;
  return effect === 'allow' ? 'allowed' : undefined;
}
