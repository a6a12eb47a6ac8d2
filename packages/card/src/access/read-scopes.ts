import { isJsonObject, member, type JsonValue } from '@sallyport/core';
import * as z from 'zod';
import type { ScopeRule } from '../card/card.ts';
import { CardProblem, onOneLine, show, type DocumentPath } from '../card/card-problem.ts';
import { explainIssues, ownWords } from '../card/explain-issue.ts';
import type { ProblemList } from '../card/problem-list.ts';
import {
  isScopeToken,
  offlineAccess,
  offlineAccessProblem,
  offlineAccessRemedy,
  scopeTokenRule,
} from './scope-token.ts';

/** Every scope may imply every other, so the closure is quadratic in their number. */
const maxScopes = 1000;

const scopeSchema = z.strictObject({
  description: z.string().optional(),
  implies: z.array(z.string().refine(isScopeToken, { error: scopeTokenRule })).optional(),
});

/**
 * Reads the declared scopes. What one implies must be declared, and nothing may imply itself. What is wrong is added to `problems`; a
 * scope whose description is wrong still counts as declared, so that its users are not wrong as well.
 */
export function readScopes(
  value: JsonValue | undefined,
  path: DocumentPath,
  problems: ProblemList,
): ReadonlyMap<string, ScopeRule> {
  const scopes = new Map<string, ScopeRule>();
  if (value === undefined) return scopes;
  if (!isJsonObject(value)) {
    const problem = `must be an object from scope to description, not ${show(value)}`;
    problems.add(new CardProblem(path, problem, 'correct it'));
    return scopes;
  }
  const entries = Object.entries(value);
  if (entries.length > maxScopes) {
    problems.add(new CardProblem(path, `has more than ${maxScopes} entries`, 'declare fewer scopes'));
    return scopes;
  }
  for (const [name, entry] of entries) {
    if (!isScopeToken(name)) problems.add(new CardProblem([...path, name], scopeTokenRule, 'rename it'));
    if (name === offlineAccess)
      problems.add(new CardProblem([...path, name], offlineAccessProblem, offlineAccessRemedy));
    const result = scopeSchema.safeParse(entry, ownWords);
    if (!result.success) problems.add(...explainIssues(result.error, entry, [...path, name]));
    const { description, implies = [] } = result.data ?? {};
    scopes.set(
      name,
      Object.freeze({
        implies: Object.freeze([...new Set(implies)]),
        ...(description !== undefined && { description }),
      }),
    );
  }
  checkImplied(scopes, value, { path, problems });
  return scopes;
}

function checkImplied(
  scopes: ReadonlyMap<string, ScopeRule>,
  written: JsonValue,
  { path, problems }: { readonly path: DocumentPath; readonly problems: ProblemList },
): void {
  for (const [name, { implies }] of scopes) {
    const list = member(member(written, name), 'implies');
    for (const missing of implies.filter((implied) => !scopes.has(implied))) {
      const at = Array.isArray(list) ? list.indexOf(missing) : 0;
      const problem = `${show(missing)} is not a declared scope`;
      problems.add(new CardProblem([...path, name, 'implies', at], problem, 'declare it in "scopes"'));
    }
  }
  const cycle = findCycle(scopes);
  if (cycle === undefined) return;
  const problem = `the scope implies itself: ${cycle.map(onOneLine).join(' > ')}`;
  problems.add(new CardProblem([...path, cycle[0] ?? '', 'implies'], problem, 'break the cycle'));
}

function findCycle(scopes: ReadonlyMap<string, ScopeRule>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of scopes.keys()) {
    // Walks with a stack of its own: a card must not be able to exhaust the one of the process.
    const trail: { readonly scope: string; next: number }[] = [{ scope: start, next: 0 }];
    const onTrail = new Set([start]);
    for (let step = trail.at(-1); step !== undefined && !done.has(start); step = trail.at(-1)) {
      const implied = scopes.get(step.scope)?.implies[step.next];
      step.next += 1;
      if (implied === undefined) {
        done.add(step.scope);
        onTrail.delete(step.scope);
        trail.pop();
      } else if (onTrail.has(implied)) {
        const names = trail.map(({ scope }) => scope);
        return [...names.slice(names.indexOf(implied)), implied];
      } else if (!done.has(implied)) {
        trail.push({ scope: implied, next: 0 });
        onTrail.add(implied);
      }
    }
  }
  return undefined;
}
