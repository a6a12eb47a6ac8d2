import { quote } from '../problem/show-value.ts';
import { positionOf, SyntaxFault } from './syntax-fault.ts';

/** Parses JSON (RFC 8259); a name that stands twice in one object is an error. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the text around the mistake. Only the place is taken from it.
    const offset = /at position (\d+)/.exec(String(error))?.[1];
    throw new SyntaxFault(`is not valid JSON${offset === undefined ? '' : ` at ${positionOf(text, Number(offset))}`}`);
  }
  refuseDuplicates(text);
  return value;
}

/** Walks the tokens of a text that is known to be valid JSON. */
function refuseDuplicates(text: string): void {
  // For each open object its names so far; null for a list.
  const open: (Set<string> | null)[] = [];
  let nameFollows = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
        open.push(new Set());
        nameFollows = true;
        break;
      case '[':
        open.push(null);
        nameFollows = false;
        break;
      case '}':
      case ']':
        open.pop();
        nameFollows = false;
        break;
      case ',':
        nameFollows = open.at(-1) !== null;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (nameFollows) addName(open.at(-1), text, at, end);
        nameFollows = false;
        at = end;
        break;
      }
      default:
    }
  }
}

function addName(names: Set<string> | null | undefined, text: string, start: number, end: number): void {
  const name = JSON.parse(text.slice(start, end + 1)) as string;
  if (names?.has(name) === true) {
    throw new SyntaxFault(`has the field ${quote(name)} twice in one object, again at ${positionOf(text, start)}`);
  }
  names?.add(name);
}

/** The index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
