import { wellFormed, type JsonValue } from '@sallyport/core';

/** What an attribute of a log record may be here: nothing nested, because receivers drop it. */
export type FlatAttributes = Record<string, string | number | boolean | string[]>;

/** What the caller shapes stays one text: its names must not become names of attributes. */
const asText: ReadonlySet<string> = new Set(['arguments', 'result', 'detail']);
/** A number or a text in a record; an attribute has one type. */
const alwaysText: ReadonlySet<string> = new Set(['requestId']);
const maxDepth = 4;

/**
 * Adds the members of a record as attributes with dotted names: `audit.decision.effect`. Lists of texts stay lists; other lists,
 * and what the caller shaped, become one JSON text. `null` is left out.
 */
export function flatten(target: FlatAttributes, prefix: string, value: object, depth = 1): void {
  for (const [key, member] of Object.entries(value) as [string, JsonValue | undefined][]) {
    const name = wellFormed(`${prefix}.${key}`);
    if (member === null || member === undefined) continue;
    if (typeof member === 'string') target[name] = wellFormed(member);
    else if (typeof member === 'boolean') target[name] = member;
    else if (typeof member === 'number') target[name] = alwaysText.has(key) ? String(member) : safeNumber(member);
    else if (isTexts(member)) target[name] = member.map(wellFormed);
    else if (Array.isArray(member) || depth >= maxDepth || asText.has(key)) target[name] = JSON.stringify(member);
    else flatten(target, name, member, depth + 1);
  }
}

/** OTLP writes a whole number as a 64-bit integer; what does not fit one is a text. */
function safeNumber(value: number): number | string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(value) : value;
}

function isTexts(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
