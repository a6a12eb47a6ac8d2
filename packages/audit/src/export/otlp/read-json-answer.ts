import { isJsonObject, member, parseStrictJson, type JsonObject, type JsonValue } from '@sallyport/core';
import type { OtlpAnswer } from './read-protobuf-answer.ts';

/** An answer has two levels. */
const jsonDepth = 4;
/** Each member by its two names in the proto3 JSON mapping. */
const names = {
  partial: ['partialSuccess', 'partial_success'],
  rejected: ['rejectedLogRecords', 'rejected_log_records'],
  message: ['errorMessage', 'error_message'],
} as const;

/**
 * Reads an `ExportLogsServiceResponse` as JSON; `undefined` when it is none. 64-bit numbers may be texts (proto3 JSON mapping).
 *
 * Stricter than the mapping: a member that is not known here, or is there twice, makes it none. Whoever answers a success with
 * `{"error":…}` has not taken the records.
 */
export function readJsonAnswer(bytes: Uint8Array): OtlpAnswer | undefined {
  let value: JsonValue;
  try {
    value = parseStrictJson(bytes, { jsonDepth });
  } catch {
    return undefined;
  }
  if (!hasOnly(value, [names.partial])) return undefined;
  const partial = oneOf(value, names.partial) ?? {};
  if (!hasOnly(partial, [names.rejected, names.message])) return undefined;
  const count = oneOf(partial, names.rejected) ?? 0;
  const message = oneOf(partial, names.message) ?? '';
  if (typeof message !== 'string') return undefined;
  if (typeof count === 'number' && Number.isSafeInteger(count)) return { rejected: BigInt(count), message };
  if (typeof count === 'string' && /^-?[0-9]{1,19}$/.test(count)) return { rejected: BigInt(count), message };
  return undefined;
}

/** True for an object whose members are these, each under one of its names. */
function hasOnly(value: JsonValue, members: readonly (readonly string[])[]): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const keys = Object.keys(value);
  const known = members.map((either) => keys.filter((key) => either.includes(key)).length);
  return known.every((count) => count <= 1) && known.reduce((sum, count) => sum + count, 0) === keys.length;
}

function oneOf(value: JsonObject, [camel, snake]: readonly [string, string]): JsonValue | undefined {
  return member(value, camel) ?? member(value, snake);
}
