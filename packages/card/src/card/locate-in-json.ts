import type { DocumentPath } from './card-problem.ts';

/**
 * The offset at which the part of a path begins in a valid JSON text: of a member its name, of an item the item itself. For a path that
 * leads nowhere, the deepest part of it that there is. Of a name that is repeated the last one counts, as for `JSON.parse`.
 */
export function locateInJson(text: string, path: DocumentPath): number {
  let place = { shown: skipSpace(text, 0), value: skipSpace(text, 0) };
  for (const part of path) {
    const next = findPart(text, place.value, String(part));
    if (next === undefined) break;
    place = next;
  }
  return place.shown;
}

interface Place {
  readonly shown: number;
  readonly value: number;
}

/** A member or an item of the object or list that begins at `start`. */
function findPart(text: string, start: number, part: string): Place | undefined {
  const isObject = text[start] === '{';
  if (!isObject && text[start] !== '[') return undefined;
  let found: Place | undefined;
  let at = skipSpace(text, start + 1);
  for (let index = 0; text[at] !== '}' && text[at] !== ']' && at < text.length; index += 1) {
    const shown = at;
    let name = String(index);
    if (isObject) {
      const end = skipValue(text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    if (name === part) found = { shown, value: at };
    at = skipSpace(text, skipValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

/** Behind the value that begins at `start`. Counts brackets instead of recursing, so that depth costs nothing. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (depth === 0) return endOfWord(text, at);
    at += 1;
  } while (depth > 0 && at < text.length);
  return at;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',]} \t\n\r'.includes(text[at] ?? ',')) at += 1;
  return at;
}

/** The index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at += 1;
  return at;
}
