import { endOfString } from '../call/scan-json.ts';

const quote = 0x22;
const comma = 0x2c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * The JSON text of a value, without whitespace: what the functions of this file read.
 *
 * @throws TypeError or RangeError for what is not JSON; whatever a getter throws.
 */
export function jsonText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError('not JSON');
  return text;
}

/** What begins at an index of a JSON text. */
export function kindAt(text: string, index: number): 'array' | 'object' | 'closing' | 'other' {
  switch (text.charCodeAt(index)) {
    case openArray:
      return 'array';
    case openObject:
      return 'object';
    case closeArray:
    case closeObject:
      return 'closing';
    default:
      return 'other';
  }
}

/** The index behind the value that begins at `start`. */
export function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index);
        if (depth === 0) return index + 1;
        break;
      case openArray:
      case openObject:
        depth += 1;
        break;
      case closeArray:
      case closeObject:
        // Of a number or a literal only what follows says where it ends.
        if (depth === 0) return index;
        depth -= 1;
        if (depth === 0) return index + 1;
        break;
      case comma:
        if (depth === 0) return index;
        break;
      default:
    }
  }
  return text.length;
}

/**
 * The leaves of a JSON text from `start` on: what is no container, empty containers, and each container inside `maxDepth`
 * others as one. `depth` is the number of containers around `start`.
 *
 * Between two leaves stands exactly one comma outside of strings, so that nothing has to be built to count them.
 */
export function countLeaves(text: string, start: number, depth: number, maxDepth: number): number {
  if (start >= text.length) return 0;
  let around = depth;
  let leaves = text.charCodeAt(start) === comma ? 0 : 1;
  for (let index = start; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index);
        break;
      case comma:
        if (around <= maxDepth) leaves += 1;
        break;
      case openArray:
      case openObject:
        around += 1;
        break;
      case closeArray:
      case closeObject:
        around -= 1;
        break;
      default:
    }
  }
  return leaves;
}
