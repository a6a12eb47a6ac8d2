import { Refusal } from '../errors/refusal.ts';
import { tooDeep, tooManyValues } from './json-limits.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const backslash = 0x5c;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * One linear pass over JSON text that looks only at what stands outside strings. It refuses nesting and numbers of values
 * beyond the limits before anything is built in memory, and counts the members as they are written: an object with
 * duplicate names has fewer members after parsing than before.
 *
 * Says nothing about text that is not JSON; parse it afterwards.
 */
export function scanJson(text: string, maxDepth: number, maxValues: number): number {
  let depth = 0;
  let members = 0;
  // Each value but the root follows a comma or is the first of its container; an empty container so counts as two. A name
  // costs as much as a value.
  let values = 1;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index);
        break;
      case colon:
        members += 1;
        values += 1;
        break;
      case comma:
        values += 1;
        break;
      case openArray:
      case openObject:
        depth += 1;
        values += 1;
        if (depth > maxDepth) throw new Refusal('malformed_rpc', { detail: tooDeep(maxDepth) });
        break;
      case closeArray:
      case closeObject:
        depth -= 1;
        break;
      default:
    }
    if (values > maxValues) throw new Refusal('too_large', { detail: tooManyValues(maxValues) });
  }
  return members;
}

/** The index of the quote that ends the string which begins at `start`; the length of the text when nothing ends it. */
function endOfString(text: string, start: number): number {
  const end = text.indexOf('"', start + 1);
  if (end === -1) return text.length;
  return text.charCodeAt(end - 1) === backslash ? endOfEscapedString(text, start) : end;
}

// With escapes character by character: a search for each quote in turn takes long where every one is escaped.
function endOfEscapedString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) return index;
    if (code === backslash) index += 1;
  }
  return text.length;
}
