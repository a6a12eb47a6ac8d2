import type { ScopeRule } from '../card/card.ts';

/** A declared scope and everything it implies, directly or not. An undeclared scope implies nothing and is not part of any closure. */
export function closureOf(scopes: ReadonlyMap<string, ScopeRule>, scope: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [scope];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const rule = scopes.get(next);
    if (rule === undefined || reached.has(next)) continue;
    reached.add(next);
    waiting.push(...rule.implies);
  }
  return reached;
}
