import type { Condition } from './compile-condition.ts';
import type { ConditionFacts } from './condition-facts.ts';
import { readsOf, type ConditionRead } from './condition-reads.ts';
import { costBound } from './cost-bound.ts';
import { Meter } from './meter.ts';
import { parseExpression, type Expr } from './parse-expression.ts';
import { planExpression } from './plan-expression.ts';

/** What can come out of a part of a condition: true, false, or an error or anything else that is neither. */
const outcome = { true: 1, false: 2, error: 4, any: 7 } as const;

/** What is known of the facts of a condition. */
export interface PartialFacts extends ConditionFacts {
  /** Whether the facts hold what the real call had there. */
  readonly knows: (read: ConditionRead) => boolean;
  /** Characters that these have together at most, as JSON. */
  readonly characters: (reads: readonly ConditionRead[]) => number;
}

export interface PartialResult {
  /** `unknown`: it depends on what is not known. */
  readonly holds: boolean | 'unknown';
  /** What it depends on. */
  readonly missing: readonly ConditionRead[];
  /** Steps that the evaluation takes at most, whatever is not known. */
  readonly steps: number;
}

/** A condition that can be evaluated when not all of its facts are known. */
export interface PartialCondition {
  readonly reads: readonly ConditionRead[];
  /** Steps that its evaluation takes at most with facts of so many characters. */
  bound(characters: number): number;
  evaluate(facts: PartialFacts): PartialResult;
}

interface Walk {
  readonly facts: PartialFacts;
  readonly meter: Meter;
  readonly missing: ConditionRead[];
  bound: number;
}

/** A part of a condition: what can come out of it. */
type Part = (walk: Walk) => number;

const known = new WeakMap<Condition, PartialCondition>();

/** The same condition for facts of which some are not known. */
export function partialConditionOf(condition: Condition): PartialCondition {
  const made = known.get(condition) ?? makePartial(condition.expression);
  known.set(condition, made);
  return made;
}

/**
 * `&&`, `||`, `!` and `?:` are followed as the evaluator does it: a part that is not known can be true, false or an error, and what comes
 * out whichever it is, is certain. Every other part is evaluated as a whole, when everything that it reads is known.
 */
function makePartial(expression: string): PartialCondition {
  const { root } = parseExpression(expression);
  const part = partOf(root);
  return {
    reads: readsOf(root),
    bound: (characters) => costBound(root, characters),
    evaluate(facts) {
      const walk: Walk = { facts, meter: new Meter(), missing: [], bound: 0 };
      const outcomes = part(walk);
      const { meter, missing, bound } = walk;
      const certain = outcomes === outcome.true ? true : (outcomes & outcome.true) === 0 ? false : undefined;
      const holds = meter.isSpent ? 'unknown' : (certain ?? 'unknown');
      return { holds, missing: holds === 'unknown' ? missing : [], steps: meter.spent + bound };
    },
  };
}

function partOf(expr: Expr): Part {
  const call = expr.exprKind.case === 'callExpr' ? expr.exprKind.value : undefined;
  const parts = call?.args ?? [];
  const [first, second, third] = parts;
  switch (call?.function) {
    case '_&&_':
      return conjunction(parts.map(partOf), outcome.false);
    case '_||_':
      return conjunction(parts.map(partOf), outcome.true);
    case '!_':
      return first === undefined ? leaf(expr) : negation(partOf(first));
    case '_?_:_':
      if (first && second && third) return choice(partOf(first), partOf(second), partOf(third));
      break;
    default:
  }
  return leaf(expr);
}

/** `&&` and `||`: one part decides alone, whatever the others are; else an error wins. Parts after one that decides are not looked at. */
function conjunction(parts: readonly Part[], decides: number): Part {
  const neutral = decides === outcome.true ? outcome.false : outcome.true;
  return (walk) => {
    let outcomes: number = neutral;
    for (const part of parts) {
      const next = part(walk);
      outcomes = combine(outcomes, next, decides, neutral);
      if (outcomes === decides) break;
    }
    return outcomes;
  };
}

function combine(one: number, other: number, decides: number, neutral: number): number {
  let outcomes = (one | other) & decides;
  if ((one & other & neutral) !== 0) outcomes |= neutral;
  const rest = outcome.any & ~decides;
  if (((one | other) & outcome.error) !== 0 && (one & rest) !== 0 && (other & rest) !== 0) outcomes |= outcome.error;
  return outcomes;
}

function negation(part: Part): Part {
  return (walk) => {
    const outcomes = part(walk);
    let turned = outcomes & outcome.error;
    if ((outcomes & outcome.true) !== 0) turned |= outcome.false;
    if ((outcomes & outcome.false) !== 0) turned |= outcome.true;
    return turned;
  };
}

function choice(condition: Part, then: Part, otherwise: Part): Part {
  return (walk) => {
    const outcomes = condition(walk);
    let chosen = outcomes & outcome.error;
    if ((outcomes & outcome.true) !== 0) chosen |= then(walk);
    if ((outcomes & outcome.false) !== 0) chosen |= otherwise(walk);
    return chosen;
  };
}

function leaf(expr: Expr): Part {
  const reads = readsOf(expr);
  const evaluate = planExpression(expr, new Set(reads.map(({ variable }) => variable)));
  return (walk) => {
    const { facts, meter } = walk;
    const missing = reads.filter((read) => !facts.knows(read));
    if (missing.length > 0) {
      walk.missing.push(...missing);
      walk.bound += costBound(expr, facts.characters(reads));
      return outcome.any;
    }
    const result = evaluate(facts, meter);
    if (typeof result !== 'boolean') return outcome.error;
    return result ? outcome.true : outcome.false;
  };
}
