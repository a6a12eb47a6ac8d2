import { CardProblem, onOneLine } from './card-problem.ts';
import { positionAt, type CardText } from './card-text.ts';
import { findJsonFault } from './find-json-fault.ts';
import { findDuplicateKeys } from './find-duplicate-keys.ts';
import { locateInJson } from './locate-in-json.ts';
import type { ProblemList } from './problem-list.ts';

/** Parses a JSON text (RFC 8259). An object that repeats a name is a mistake; `undefined` for what is no JSON. */
export function parseJsonText(text: string, problems: ProblemList): CardText | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problems.add(syntaxProblem(text));
    return undefined;
  }
  for (const { path, key, offset } of findDuplicateKeys(text)) {
    const problem = `the same key "${onOneLine(key)}" twice in one object`;
    problems.add(new CardProblem(path, `has ${problem}`, 'keep one of them', positionAt(text, offset)));
  }
  return { value, locate: (path) => positionAt(text, locateInJson(text, path)) };
}

/** The message of the engine quotes the text, and differs between versions: it is not used. */
function syntaxProblem(text: string): CardProblem {
  const offset = findJsonFault(text);
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const problem = offset >= text.length ? 'it ends too early' : `"${onOneLine(character)}" is not expected here`;
  return new CardProblem([], `is not JSON: ${problem}`, 'correct the syntax', positionAt(text, offset));
}
