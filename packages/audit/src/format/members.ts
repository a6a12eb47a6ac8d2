import { valueAt, type AuditRecord, type JsonObject } from '@sallyport/core';

/** A number of a record by its path. */
export function numberAt(record: AuditRecord, ...path: readonly string[]): number | undefined {
  const value = valueAt(record, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** Milliseconds since the epoch of a time in a record; `undefined` when it is none. */
export function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Only the members that have a value. */
export function set(members: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  const known = Object.entries(members).filter(
    (entry): entry is [string, JsonObject[string]] => entry[1] !== undefined,
  );
  return Object.fromEntries(known);
}

/** The same, and `undefined` when none has one. */
export function some(members: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject | undefined {
  const known = set(members);
  return Object.keys(known).length === 0 ? undefined : known;
}
