import { isJsonObject, type JsonValue } from '@sallyport/core';
import * as z from 'zod';
import type { ScopeRule } from '../card/card.ts';
import { CardProblem, show, type DocumentPath } from '../card/card-problem.ts';
import { explainIssue } from '../card/explain-issue.ts';
import { isScopeToken, scopeTokenRule } from './scope-token.ts';

/** Every scope may imply every other, so the closure is quadratic in their number. */
const maxScopes = 1000;

const scopeSchema = z.strictObject({
  description: z.string().optional(),
  implies: z.array(z.string().refine(isScopeToken, { error: scopeTokenRule })).optional(),
});

/** Reads the declared scopes. What one implies must be declared, and nothing may imply itself. Throws `CardProblem`. */
export function readScopes(value: JsonValue | undefined, path: DocumentPath): ReadonlyMap<string, ScopeRule> {
  const scopes = new Map<string, ScopeRule>();
  if (value === undefined) return scopes;
  if (!isJsonObject(value))
    throw new CardProblem(path, `must be an object from scope to description, not ${show(value)}`, 'correct it');
  const entries = Object.entries(value);
  if (entries.length > maxScopes)
    throw new CardProblem(path, `has more than ${maxScopes} entries`, 'declare fewer scopes');
  for (const [name, entry] of entries) {
    if (!isScopeToken(name)) throw new CardProblem([...path, name], scopeTokenRule, 'rename it');
    const result = scopeSchema.safeParse(entry);
    if (!result.success) throw explainIssue(result.error, entry, [...path, name]);
    const { description, implies = [] } = result.data;
    scopes.set(
      name,
      Object.freeze({
        implies: Object.freeze([...new Set(implies)]),
        ...(description !== undefined && { description }),
      }),
    );
  }
  checkImplied(scopes, path);
  return scopes;
}

function checkImplied(scopes: ReadonlyMap<string, ScopeRule>, path: DocumentPath): void {
  for (const [name, { implies }] of scopes) {
    const missing = implies.findIndex((implied) => !scopes.has(implied));
    if (missing === -1) continue;
    throw new CardProblem(
      [...path, name, 'implies', missing],
      `${show(implies[missing])} is not a declared scope`,
      'declare it in "scopes"',
    );
  }
  const cycle = findCycle(scopes);
  if (cycle === undefined) return;
  throw new CardProblem(
    [...path, cycle[0] ?? '', 'implies'],
    `the scope implies itself: ${cycle.join(' > ')}`,
    'break the cycle',
  );
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
