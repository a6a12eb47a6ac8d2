import { isJsonObject, type JsonObject, type JsonValue } from '../call/json.ts';
import type { AuditRedaction } from './audit-record.ts';
import { isRecordedInClear } from './recorded-in-clear.ts';

/**
 * How much of a value is asked for. `presence`: whether it is there. `shape`: of a list or object how many entries it has, of anything
 * else all of it. `value`: all of it.
 */
export type KnownPart = 'presence' | 'shape' | 'value';

/** What a record says for certain of the arguments of its call. */
export interface RecordedArguments {
  /** The arguments, with a hash or a shortened text where something is not known. */
  readonly value: JsonObject;
  /** Bytes of the real arguments as JSON; infinite when the record does not say. */
  readonly bytes: number;
  /** Nothing of them is left out, hidden or shortened. */
  isComplete(): boolean;
  /** Whether the real arguments have at this path, names of members from the root, what `value` has there. */
  knows(path: readonly string[], part: KnownPart): boolean;
}

/** The part of a record that is about arguments. */
interface RedactedPart {
  readonly arguments?: JsonValue | undefined;
  readonly redaction?: AuditRedaction | undefined;
}

const nothing: JsonObject = Object.freeze({});

/**
 * Reads the arguments of a decision's record the way `redactArguments` wrote them. A call without arguments has none in its record, and no
 * `redaction` either. What could be a hash or a shortened text counts as one, also where a caller sent it: never is something taken for
 * known that is not.
 */
export function readRecordedArguments(record: RedactedPart): RecordedArguments {
  const { arguments: recorded, redaction } = record;
  if (recorded === undefined && redaction === undefined) return knowledgeOf(nothing, 2, true);
  const bytes = typeof redaction?.bytes === 'number' ? redaction.bytes : Number.POSITIVE_INFINITY;
  if (redaction === undefined || recorded === undefined || !isJsonObject(recorded)) return unknown(bytes);
  // A record that was full before everything was visited: any list or object may go on.
  return knowledgeOf(recorded, bytes, redaction.digestedLeaves === undefined);
}

function unknown(bytes: number): RecordedArguments {
  return { value: nothing, bytes, isComplete: () => false, knows: () => false };
}

function knowledgeOf(value: JsonObject, bytes: number, closed: boolean): RecordedArguments {
  let complete: boolean | undefined;
  const isComplete = (): boolean => (complete ??= isKnown(value, closed));
  return {
    value,
    bytes,
    isComplete,
    knows(path, part) {
      let current: JsonValue = value;
      for (const [index, name] of path.entries()) {
        if (typeof current === 'string' && !isRecordedInClear(current)) return false;
        // Names have no place in a list; whether one is an entry of it is another question.
        if (Array.isArray(current)) return isKnown(current, closed);
        if (!isJsonObject(current)) return true;
        const next: JsonValue | undefined = Object.hasOwn(current, name) ? current[name] : undefined;
        if (next === undefined) return closed && hasPlainNames(current);
        if (!isRecordedInClear(name)) return false;
        if (index === path.length - 1 && part === 'presence') return true;
        current = next;
      }
      return part === 'value' ? isKnown(current, closed) : hasKnownShape(current, closed);
    },
  };
}

function isKnown(value: JsonValue, closed: boolean): boolean {
  if (typeof value === 'string') return isRecordedInClear(value);
  if (typeof value !== 'object' || value === null) return true;
  return hasKnownShape(value, closed) && Object.values(value).every((child: JsonValue) => isKnown(child, closed));
}

function hasKnownShape(value: JsonValue, closed: boolean): boolean {
  if (Array.isArray(value)) return closed;
  return isJsonObject(value) ? closed && hasPlainNames(value) : isKnown(value, closed);
}

/** A name that was changed could be any other one. */
function hasPlainNames(object: JsonObject): boolean {
  return Object.keys(object).every(isRecordedInClear);
}
