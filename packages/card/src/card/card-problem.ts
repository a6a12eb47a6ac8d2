import type { TextPosition } from '@sallyport/core';

/** A path into a document: member names and array indexes. */
export type DocumentPath = readonly (string | number)[];

/** What is wrong with a document, and where; `loadCard` turns it into a `SetupError`. */
export class CardProblem extends Error {
  override readonly name = 'CardProblem';
  readonly path: DocumentPath;
  readonly problem: string;
  readonly remedy: string;
  /** Where in the text, for what stops the text from being read at all; everything else is found by its path. */
  readonly position: TextPosition | undefined;

  constructor(path: DocumentPath, problem: string, remedy: string, position?: TextPosition) {
    super(problem);
    this.position = position;
    this.path = path;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** The JSON pointer (RFC 6901) of a path, on one line whatever the names contain. */
export function toPointer(path: DocumentPath): string {
  return path.map((part) => `/${onOneLine(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A value as a message shows it: JSON, on one line, at most 60 characters. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string': {
      const text = onOneLine(value);
      return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 59)}…"`;
    }
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'a list' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** Control characters, line separators and text direction marks as `\uXXXX`, so that a name can not break a line or a terminal. */
export function onOneLine(text: string): string {
  let result = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    result += isUnprintable(code) ? `\\u${code.toString(16).padStart(4, '0')}` : char;
  }
  return result;
}

function isUnprintable(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code >= 0xd800 && code <= 0xdfff) return true;
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0xfeff
  );
}
