import { member, type JsonValue } from '../call/json.ts';
import type { AuditRecord } from './audit-record.ts';

/**
 * A text of a record by its path. Only order, identity and time of a record are checked when it is read; whoever changed the file
 * may have written anything else.
 */
export function textAt(record: AuditRecord, ...path: readonly string[]): string | undefined {
  const value = valueAt(record, ...path);
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The texts of a list of a record; none when it is no list. */
export function textsAt(record: AuditRecord, ...path: readonly string[]): readonly string[] {
  const value = valueAt(record, ...path);
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** A value of a record by its path. */
export function valueAt(record: AuditRecord, ...path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = record as unknown as JsonValue;
  for (const name of path) value = member(value, name);
  return value;
}

/** The record types that end an attempt. */
export type ClosingType = 'mcp.outcome' | 'stream.closed';

/** What tells of a record to which attempt it belongs. */
export interface AttemptPart {
  readonly type: string;
  readonly call?: string | undefined;
}

/** The records that end an attempt. */
export function endsAttempt(record: AuditRecord): boolean {
  return record.type === 'mcp.outcome' || record.type === 'stream.closed';
}

/** The records that begin an attempt which another record ends. */
export function beginsAttempt(record: AuditRecord): boolean {
  return (
    record.type === 'stream.opened' ||
    (record.type === 'mcp.decision' && (textAt(record, 'decision', 'effect') === 'allow' || wouldDeny(record)))
  );
}

/**
 * The attempt that a record begins, by what will end it; `undefined` for every other record. A call that is answered with a stream is
 * two attempts with one id, the call and its stream.
 */
export function openingKey(record: AuditRecord): string | undefined {
  if (!beginsAttempt(record)) return undefined;
  return attemptKey(record, record.type === 'stream.opened' ? 'stream.closed' : 'mcp.outcome');
}

/** The attempt that a record ends, as `openingKey` names it; `undefined` for every other record. */
export function closingKey(part: AttemptPart): string | undefined {
  return part.type === 'mcp.outcome' || part.type === 'stream.closed' ? attemptKey(part, part.type) : undefined;
}

/** Names the attempt of a call that ends in a record of this type; within its stream there is no other of the name. */
export function attemptKey({ call }: AttemptPart, closing: ClosingType): string | undefined {
  return typeof call === 'string' ? `${closing} ${call}` : undefined;
}

/** The decision of a call that observe mode let pass although the policy denies it. */
export function wouldDeny(record: AuditRecord): boolean {
  return textAt(record, 'decision', 'effect') === 'deny' && valueAt(record, 'decision', 'enforced') === false;
}

/** Why a call is denied: the reason, and the scopes that are missing. */
export function whyDenied(record: AuditRecord): string {
  const missing = textsAt(record, 'decision', 'missingScopes');
  const reason = textAt(record, 'decision', 'reason') ?? 'denied';
  return missing.length === 0 ? reason : `${reason}: ${missing.join(' ')}`;
}
