import { celEnv, celError, plan, type CelError, type CelResult } from '@bufbuild/cel';
import { boundExpression } from './bound-expression.ts';
import { boundedFunctions } from './bounded-functions.ts';
import { bindVariables, type ConditionFacts } from './condition-facts.ts';
import { measured, type Meter } from './meter.ts';
import type { Expr } from './parse-expression.ts';

const environment = celEnv({ funcs: [...boundedFunctions] });

/**
 * An expression ready to be evaluated, with its cost bounded by a meter. Never throws. No result counts once the meter is spent.
 *
 * @param used the variables it reads
 */
export function planExpression(
  root: Expr,
  used: ReadonlySet<string>,
): (facts: ConditionFacts, meter: Meter) => CelResult {
  const evaluate = plan(environment, boundExpression(root));
  return (facts, meter) =>
    withoutStacks(() => measured(meter, () => evaluateSafely(() => evaluate(bindVariables(facts, used)))));
}

/** The evaluator returns its errors; what is left is a principal or call that is not what its type says. */
function evaluateSafely<T>(evaluate: () => T): T | CelError {
  try {
    return evaluate();
  } catch (error) {
    return celError(error);
  }
}

/** An error is a value here, and a loop may make thousands: most of what one costs is its stack, which nobody reads. */
function withoutStacks<T>(evaluate: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return evaluate();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
