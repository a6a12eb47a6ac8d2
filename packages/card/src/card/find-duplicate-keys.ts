import type { DocumentPath } from './card-problem.ts';

/** A member name that its object had before. */
export interface DuplicateKey {
  /** To the member. */
  readonly path: DocumentPath;
  readonly key: string;
  /** Where the repetition stands in the text. */
  readonly offset: number;
}

const maxFound = 200;
const maxDepth = 40;

interface Open {
  /** The names so far; absent for a list. */
  readonly names: Set<string> | undefined;
  /** The name or index of the value that is read. */
  part: string | number;
}

/**
 * The member names, the first 200, that an object of a JSON text repeats, compared after unescaping. `JSON.parse` keeps the last one silently,
 * and a rule that is dropped silently is an open door.
 *
 * @param text - A valid JSON text.
 */
export function findDuplicateKeys(text: string): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const open: Open[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const inner = open.at(-1);
    if (char === '{') open.push({ names: new Set(), part: '' });
    else if (char === '[') open.push({ names: undefined, part: 0 });
    else if (char === '}' || char === ']') open.pop();
    else if (char === ',' && typeof inner?.part === 'number') inner.part += 1;
    else if (char === '"') {
      const end = endOfString(text, at);
      if (inner?.names !== undefined && isFollowedByColon(text, end)) {
        const key = JSON.parse(text.slice(at, end + 1)) as string;
        inner.part = key;
        if (inner.names.has(key) && found.length < maxFound)
          found.push({ path: open.slice(0, maxDepth).map(({ part }) => part), key, offset: at });
        inner.names.add(key);
      }
      at = end;
    }
  }
  return found;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function isFollowedByColon(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at += 1;
  return text[at] === ':';
}
