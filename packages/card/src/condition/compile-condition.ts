import { isCelError, unparse } from '@bufbuild/cel';
import { onOneLine } from '../card/card-problem.ts';
import { checkExpression, type CheckExpressionOptions } from './check-expression.ts';
import type { ConditionFacts } from './condition-facts.ts';
import { Meter, tooManySteps } from './meter.ts';
import { childrenOf, parseExpression, type Expr, type ParsedExpression } from './parse-expression.ts';
import { planExpression } from './plan-expression.ts';

/**
 * How a condition ended that did not hold. `problem` says why it could not be evaluated; it is made of the expression only, never of
 * what the caller sent.
 */
export type ConditionFailure = { readonly result: false } | { readonly result: 'error'; readonly problem: string };

/** A condition ready to be evaluated. */
export interface Condition {
  readonly expression: string;
  /** Whether it looks at nothing but the caller, so that lists can be filtered by it. */
  readonly principalOnly: boolean;
  /** `undefined` when it holds. Never throws. */
  evaluate(facts: ConditionFacts, meter: Meter): ConditionFailure | undefined;
}

const notBoolean = 'not true or false';
const isFalse: ConditionFailure = Object.freeze({ result: false });

/**
 * Parses, type-checks and plans a condition in CEL. Whatever is not true denies: false, no boolean, an error such as a missing member,
 * and an evaluation that needs too many steps. Throws `ConditionProblem` with the first mistake.
 */
export function compileCondition(expression: string, options: CheckExpressionOptions): Condition {
  const { parsed, root } = parseExpression(expression);
  const used = checkExpression(parsed, options);
  const evaluate = planExpression(root, used);
  const explain = explainErrors(expression);
  const principalOnly = !used.has('args') && !used.has('call');
  const ask = (facts: ConditionFacts, meter: Meter): ConditionFailure | undefined => {
    const result = evaluate(facts, meter);
    if (meter.isSpent) return explain(tooManySteps, undefined);
    if (result === true) return undefined;
    if (result === false) return isFalse;
    return isCelError(result) ? explain(result.message, result.exprId) : explain(notBoolean, undefined);
  };
  return Object.freeze({ expression, principalOnly, evaluate: principalOnly ? oncePerCaller(ask) : ask });
}

/**
 * The answer for one caller does not change, and a list asks for it once for each of its entries. It counts on a meter of its own, so that
 * it does not depend on what was asked before.
 */
function oncePerCaller(ask: Condition['evaluate']): Condition['evaluate'] {
  const answers = new WeakMap<ConditionFacts['held'], { readonly failure: ConditionFailure | undefined }>();
  return (facts) => {
    const known = answers.get(facts.held) ?? { failure: ask(facts, new Meter()) };
    answers.set(facts.held, known);
    return known.failure;
  };
}

/** Says where in the expression an error is. The evaluator's own messages quote values of the caller, so they are not passed on. */
function explainErrors(expression: string): (message: string, id: bigint | undefined) => ConditionFailure {
  // Few conditions ever fail, so nothing is kept before one does: parsed again, the parts have the same ids.
  let tree: ExpressionTree | undefined;
  const known = new Map<string, ConditionFailure>();
  return (message, id) => {
    tree ??= treeOf(expression);
    const part = (id === undefined ? undefined : tree.parts.get(id)) ?? tree.root;
    const what = whatHappened(message, part);
    const key = `${what} ${part.id}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const text = onOneLine(unparse({ ...tree.parsed, expr: part }));
    const failure = Object.freeze({ result: 'error', problem: `${text.slice(0, 200)} ${what}` } as const);
    known.set(key, failure);
    return failure;
  };
}

interface ExpressionTree {
  readonly parsed: ParsedExpression;
  readonly root: Expr;
  readonly parts: ReadonlyMap<bigint, Expr>;
}

function treeOf(expression: string): ExpressionTree {
  const { parsed, root } = parseExpression(expression);
  return { parsed, root, parts: partsById(root) };
}

function partsById(root: Expr): ReadonlyMap<bigint, Expr> {
  const parts = new Map<bigint, Expr>();
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    parts.set(next.id, next);
    open.push(...childrenOf(next));
  }
  return parts;
}

function whatHappened(message: string, { exprKind }: Expr): string {
  if (message === notBoolean) return 'is not true or false';
  if (message === tooManySteps) return 'needs too many steps for these arguments';
  if (message.startsWith('field not found') || message.startsWith('index ') || message === 'unresolved attribute')
    // What is looked up with [] is reported at the variable it starts from.
    return exprKind.case === 'selectExpr' ? 'is missing' : 'does not have what is looked up in it';
  if (message.startsWith('found no matching overload') || message.startsWith('type mismatch'))
    return 'does not work with values of these types';
  return 'could not be evaluated';
}
