import { member, valueAt, type AuditRecord, type JsonValue } from '@sallyport/core';
import type { RecordedCaller } from './read-recorded-caller.ts';

/** Remembers callers by what records say of them. */
export interface KnownCallers {
  find(record: AuditRecord): RecordedCaller | undefined;
  add(record: AuditRecord, caller: RecordedCaller): void;
}

interface Known {
  readonly actor: JsonValue | undefined;
  readonly scopes: JsonValue | undefined;
  readonly caller: RecordedCaller;
}

const maxSubjects = 10_000;
/** Tokens of one subject: with other scopes, from other clients. */
const maxTokens = 16;

/** A busy log has few callers, and reading one from a record again and again costs more than deciding. Bounded. */
export function createKnownCallers(): KnownCallers {
  const subjects = new Map<JsonValue | undefined, Known[]>();
  return {
    find(record) {
      const actor = valueAt(record, 'actor');
      const scopes = valueAt(record, 'token', 'scopes');
      for (const known of subjects.get(member(actor, 'sub')) ?? []) {
        if (isSame(known.actor, actor) && isSame(known.scopes, scopes)) return known.caller;
      }
      return undefined;
    },
    add(record, caller) {
      const actor = valueAt(record, 'actor');
      const known = { actor, scopes: valueAt(record, 'token', 'scopes'), caller };
      if (subjects.size >= maxSubjects) subjects.clear();
      const list = subjects.get(member(actor, 'sub')) ?? [];
      if (list.length >= maxTokens) list.shift();
      list.push(known);
      subjects.set(member(actor, 'sub'), list);
    },
  };
}

/** Whether two values are the same JSON, members in the same order. Loops, because this runs for every record of a log. */
function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (isList(one) || isList(other)) return isList(one) && isList(other) && isSameList(one, other);
  const names = Object.keys(one);
  const others = Object.keys(other);
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    if (name !== others[index] || !isSame(one[name], other[name])) return false;
  }
  return true;
}

function isSameList(one: readonly JsonValue[], other: readonly JsonValue[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (!isSame(one[index], other[index])) return false;
  return true;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
