import { isJsonObject, type AuditRecord, type JsonObject, type JsonValue } from '@sallyport/core';

/** The objects that a record is made of, each looked up once. */
export interface RecordParts {
  readonly record: AuditRecord;
  readonly actor: JsonObject;
  readonly token: JsonObject;
  readonly source: JsonObject;
  readonly mcp: JsonObject;
  readonly target: JsonObject;
  readonly decision: JsonObject;
  readonly outcome: JsonObject;
  readonly revocation: JsonObject;
  readonly trace: JsonObject;
}

const nothing: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** Whoever changed the file may have written anything else instead of an object. */
export function partsOf(record: AuditRecord): RecordParts {
  return {
    record,
    actor: objectOf(record.actor),
    token: objectOf(record.token),
    source: objectOf(record.source),
    mcp: objectOf(record.mcp),
    target: objectOf(record.target),
    decision: objectOf(record.decision),
    outcome: objectOf(record.outcome),
    revocation: objectOf(record.revocation),
    trace: objectOf(record.trace),
  };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : nothing;
}

/** A text, or a number or truth value as text. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The texts of a list; `undefined` for what is none. */
export function textsOf(value: JsonValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? (value as JsonValue[]).filter((entry) => typeof entry === 'string') : undefined;
}
