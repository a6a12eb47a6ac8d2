import type { z } from 'zod';
import { nodeAt, nodesAlong, type Path, type SchemaNode } from '../schema/annotated-schema.ts';
import { annotation, type Complaint } from '../schema/field.ts';
import { formatPath } from './field-path.ts';
import type { Problem } from './problem.ts';
import { quote, showKind, showValue } from './show-value.ts';
import { knownFields, suggestField } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What the translation of an issue needs to know about the configuration. */
export interface IssueContext {
  /** The value that was validated. */
  readonly value: unknown;
  /** Where a string came from, if it was not written as it is: `the value of …`. */
  origin(path: Path): string | undefined;
}

/** Says in one line each what a schema issue means to the person who wrote the file. */
export function problemsFromIssue(issue: Issue, context: IssueContext, prefix: Path = []): readonly Problem[] {
  const path = [...prefix, ...issue.path] as Path;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(path, key));
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.filter(
      (branch) => !branch.some((nested) => nested.path.length === 0 && nested.code === 'invalid_type'),
    );
    if (inside.length === 1) return (inside[0] ?? []).flatMap((nested) => problemsFromIssue(nested, context, path));
  }
  return [unavailable(path, context) ?? invalid(issue, path, context)];
}

function unknownField(path: Path, key: string): Problem {
  const meant = suggestField(path, key);
  const here = formatPath(path);
  const remedy =
    meant === undefined
      ? `remove it, the fields ${here === '' ? '' : `of ${here} `}are ${knownFields(path).join(', ')}`
      : `did you mean ${meant}?`;
  return { kind: 'unknown', path: [...path, key], problem: 'is not a known field', remedy };
}

function unavailable(path: Path, context: IssueContext): Problem | undefined {
  const nodes = nodesAlong(path);
  const depth = nodes.findIndex((node) => node[annotation.notYet] !== undefined);
  const node = nodes[depth];
  const notYet = node?.[annotation.notYet];
  if (node === undefined || notYet === undefined) return undefined;
  const field = path.slice(0, depth);
  if (notYet === true) {
    const off = node.default === undefined ? '' : `, this version accepts only ${JSON.stringify(node.default)}`;
    return {
      kind: 'unavailable',
      path: field,
      problem: `is not available yet${off}`,
      remedy: off === '' ? 'remove it' : 'leave it out',
    };
  }
  const seen = valueAt(context.value, field);
  if (typeof seen !== 'string' || !notYet.includes(seen)) return undefined;
  const problem = `${quote(seen)} is not available yet`;
  return { kind: 'unavailable', path: field, problem, remedy: `write ${String(node[annotation.expected])}` };
}

function invalid(issue: Issue, path: Path, context: IssueContext): Problem {
  const node = nodeAt(path);
  const seen = valueAt(context.value, path);
  if (seen === undefined) return { kind: 'invalid', path, problem: 'is missing', remedy: `add it, ${example(node)}` };
  const complaint = complaintOf(issue);
  const origin = context.origin(path);
  const expected = node?.[annotation.expected] ?? 'another value';
  return {
    kind: 'invalid',
    path,
    problem:
      complaint.problem ??
      (complaint.fault === undefined
        ? `expected ${expected}, saw ${show(seen, node, origin)}`
        : `${complaint.fault}, expected ${expected}`),
    remedy: remedyOf(complaint, node, origin),
  };
}

function complaintOf(issue: Issue): Complaint {
  return issue.code === 'custom' ? ((issue.params?.['complaint'] as Complaint | undefined) ?? {}) : {};
}

function show(seen: unknown, node: SchemaNode | undefined, origin: string | undefined): string {
  if (node?.writeOnly === true) return showKind(seen);
  return origin ?? showValue(seen);
}

function remedyOf(complaint: Complaint, node: SchemaNode | undefined, origin: string | undefined): string {
  if (complaint.suggestion !== undefined && origin === undefined) return `write ${quote(complaint.suggestion)}`;
  return complaint.remedy ?? `write ${example(node)}`;
}

/** `for example …`, from the schema. */
function example(node: SchemaNode | undefined): string {
  return `for example ${JSON.stringify(node?.examples?.[0] ?? {})}`;
}

/** The value at a path; own members only. */
function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}
