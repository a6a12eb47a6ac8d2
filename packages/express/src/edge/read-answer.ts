import { parseStrictJson, type JsonValue } from '@sallyport/core';

/** A message of an answer. */
export interface ReadAnswer {
  readonly message: JsonValue;
  /** False when another reader may see something else in the same text: a repeated member, a byte order mark, a number out of range. */
  readonly exact: boolean;
}

/** The limits are for what callers send; a handler answers at any length. */
const noLimits = { jsonDepth: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY };

/** Reads what a handler wrote as a client would; `undefined` for what is not JSON. */
export function readAnswer(bytes: Uint8Array): ReadAnswer | undefined {
  try {
    return { message: parseStrictJson(bytes, noLimits), exact: true };
  } catch {
    return readLeniently(bytes);
  }
}

function readLeniently(bytes: Uint8Array): ReadAnswer | undefined {
  try {
    return { message: JSON.parse(new TextDecoder().decode(bytes)) as JsonValue, exact: false };
  } catch {
    return undefined;
  }
}
