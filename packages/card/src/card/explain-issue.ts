import type * as z from 'zod';
import { CardProblem, show, type DocumentPath } from './card-problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * For every validation of a document. zod's own words for a wrong type name the `constructor` of what it saw, which is a member like any
 * other here: `{"name": {"constructor": {"name": [{}]}}}` would throw.
 */
export const ownWords: z.core.ParseContext<z.core.$ZodIssue> = {
  error: ({ code }) => (code === 'invalid_type' ? 'is of another type' : undefined),
};

/** The mistakes of a failed validation, in our words: what was seen, what was expected, what to do. */
export function explainIssues(error: z.ZodError, value: unknown, base: DocumentPath): readonly CardProblem[] {
  return error.issues.flatMap((issue) => explainIssue(issue, value, base));
}

function explainIssue(issue: Issue, value: unknown, base: DocumentPath): readonly CardProblem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const at = [...base, ...path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => new CardProblem([...at, key], 'is not a known field', 'remove it or correct its name'),
    );
  const seen = valueAt(value, path);
  return [
    new CardProblem(at, problemOf(issue, seen), remedyOf(issue) ?? (seen === undefined ? 'add it' : 'correct it')),
  ];
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
