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
  if (issue.code === 'custom') return new CardProblem(at, issue.message, remedyOf(issue) ?? 'correct it');
  return new CardProblem(at, problemOf(issue, seen), 'correct it');
}

function problemOf(issue: Issue, seen: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return seen === undefined
        ? `is missing; ${a(issue.expected)} is expected`
        : `must be ${a(issue.expected)}, not ${show(seen)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => show(value)).join(' or ')}, not ${show(seen)}`;
    default:
      return `${issue.message}, not ${show(seen)}`;
  }
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
