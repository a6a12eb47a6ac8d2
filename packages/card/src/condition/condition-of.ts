import { compileCondition, type Condition } from './compile-condition.ts';
import type { CheckExpressionOptions } from './check-expression.ts';

/** The scopes that a card declares. */
export type DeclaredScopes = ReadonlyMap<string, unknown>;

/** What was compiled for a card, for as long as its scopes live. A card is checked when it loads and compiled for an authorizer later. */
const compiled = new WeakMap<DeclaredScopes, Map<string, Condition>>();

/** The compiled form of a condition of a card. Throws `ConditionProblem`. */
export function conditionOf(expression: string, options: CheckExpressionOptions): Condition {
  const { kind, declared } = options;
  const known = compiled.get(declared) ?? new Map<string, Condition>();
  compiled.set(declared, known);
  const key = `${kind} ${expression}`;
  const condition = known.get(key) ?? compileCondition(expression, options);
  known.set(key, condition);
  return condition;
}
