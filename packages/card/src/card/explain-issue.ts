import type * as z from 'zod';
import { CardProblem, show, type DocumentPath } from './card-problem.ts';

type Issue = z.core.$ZodIssue;

/** The first mistake of a failed validation, in our words: what was seen, what was expected, what to do. */
export function explainIssue(error: z.ZodError, value: unknown, base: DocumentPath): CardProblem {
  const [issue] = error.issues;
  if (issue === undefined) return new CardProblem(base, 'is not valid', 'correct it');
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const at = [...base, ...path];
  const seen = valueAt(value, path);
  if (issue.code === 'unrecognized_keys')
    return new CardProblem([...at, issue.keys[0] ?? ''], 'is not a known field', 'remove it or correct its name');
  return new CardProblem(at, problemOf(issue, seen), remedyOf(issue) ?? (seen === undefined ? 'add it' : 'correct it'));
}

function problemOf(issue: Issue, seen: unknown): string {
  const expected = expectedBy(issue);
  if (expected === undefined)
    return issue.message.startsWith('must ') ? `${issue.message}, not ${show(seen)}` : issue.message;
  return seen === undefined ? `is missing; ${expected} is expected` : `must be ${expected}, not ${show(seen)}`;
}

function expectedBy(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return a(issue.expected);
  return issue.code === 'invalid_value' ? issue.values.map((value) => JSON.stringify(value)).join(' or ') : undefined;
}

function a(expected: string): string {
  if (expected === 'array') return 'a list';
  return expected === 'object' ? 'an object' : `a ${expected}`;
}

function remedyOf(issue: Issue): string | undefined {
  const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  return typeof remedy === 'string' ? remedy : undefined;
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}
