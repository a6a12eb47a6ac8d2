import { Refusal } from '../errors/refusal.ts';
import { freezeParsed } from './freeze-json.ts';
import { defaultMaxValues, type JsonLimits } from './json-limits.ts';
import type { JsonValue } from './json.ts';
import { scanJson } from './scan-json.ts';

const parseError = -32_700;

// `ignoreBOM` keeps a byte order mark in the text, where JSON.parse refuses it; the default would drop it silently.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses the bytes of one JSON text (RFC 8259) and freezes the result deeply. Stricter than `JSON.parse`: no byte order
 * mark, valid UTF-8, no duplicate member names (escaped ones included), no number beyond the range of a double, bounded
 * depth and number of values. Linear in time and safe for the stack at any depth. An own `__proto__` member stays an
 * ordinary member.
 *
 * It does not bound the size: bound the bytes before.
 *
 * @throws Refusal `malformed_rpc` (−32700 when it is not JSON, −32600 for depth and numbers), `dup_keys`, `too_large`.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): JsonValue {
  const text = decode(bytes);
  const members = scanJson(text, limits.jsonDepth, limits.maxValues ?? defaultMaxValues);
  const value = parse(text);
  if (freezeParsed(value) !== members) throw new Refusal('dup_keys');
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Refusal('malformed_rpc', { rpcCode: parseError, detail: 'not UTF-8', cause });
  }
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // The error of JSON.parse quotes the body, so it is not kept as a cause.
    const detail = text.charCodeAt(0) === 0xfeff ? 'byte order mark' : 'not JSON';
    throw new Refusal('malformed_rpc', { rpcCode: parseError, detail });
  }
}
