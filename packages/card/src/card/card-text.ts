import type { TextPosition } from '@sallyport/core';
import type { DocumentPath } from './card-problem.ts';

/** A document that was parsed, and where its parts stand. */
export interface CardText {
  readonly value: unknown;
  /**
   * The offset in the text at which the part of a path begins: a member where its name stands, an item where it stands. For a path that leads nowhere,
   * the deepest part of it that there is.
   */
  locate(path: DocumentPath): TextPosition;
}

/** Line and column of an offset. */
export function positionAt(text: string, offset: number): TextPosition {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
