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
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

// Runs of backslashes before different quotes do not overlap, so all these loops together are linear too.
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === backslash) first -= 1;
  return (index - first) % 2 === 1;
}
