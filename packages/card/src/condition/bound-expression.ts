import { appendItem, loopRange } from './bounded-functions.ts';
import { childrenOf, type Expr } from './parse-expression.ts';

type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];

/**
 * The same expression with loops that pay before they start, and that build lists in place instead of copying them for every item.
 * Keeps the ids of what it keeps, so that errors still say where they come from.
 */
export function boundExpression(expr: Expr): Expr {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'selectExpr': {
      const { operand, ...select } = exprKind.value;
      const value = { ...select, ...(operand && { operand: boundExpression(operand) }) };
      return { ...expr, exprKind: { case: 'selectExpr', value } };
    }
    case 'callExpr': {
      const { target, args, ...rest } = exprKind.value;
      const value = { ...rest, args: args.map(boundExpression), ...(target && { target: boundExpression(target) }) };
      return { ...expr, exprKind: { case: 'callExpr', value } };
    }
    case 'listExpr': {
      const value = { ...exprKind.value, elements: exprKind.value.elements.map(boundExpression) };
      return { ...expr, exprKind: { case: 'listExpr', value } };
    }
    case 'structExpr': {
      const entries = exprKind.value.entries.map((entry) =>
        entry.value === undefined ? entry : { ...entry, value: boundExpression(entry.value) },
      );
      return { ...expr, exprKind: { case: 'structExpr', value: { ...exprKind.value, entries } } };
    }
    case 'comprehensionExpr':
      return { ...expr, exprKind: { case: 'comprehensionExpr', value: boundLoop(expr, exprKind.value) } };
    default:
      return expr;
  }
}

function boundLoop(whole: Expr, loop: Comprehension): Comprehension {
  const { iterRange, loopStep, accuVar } = loop;
  if (iterRange === undefined || loopStep === undefined) return loop;
  const weight = constantInteger(whole, BigInt(sizeOf(loopStep) + 4));
  return {
    ...loop,
    iterRange: callOf(whole, loopRange, [boundExpression(iterRange), weight]),
    loopStep: growInPlace(boundExpression(loopStep), accuVar),
  };
}

/** `@result + [x]` as the macros `map` and `filter` write it, also after `?:`. */
function growInPlace(step: Expr, accuVar: string): Expr {
  if (step.exprKind.case !== 'callExpr') return step;
  const call = step.exprKind.value;
  if (call.function === '_?_:_') {
    const [condition, then, otherwise] = call.args;
    if (!condition || !then || !otherwise) return step;
    return callOf(step, call.function, [condition, growInPlace(then, accuVar), otherwise]);
  }
  const [list, added] = call.args;
  const isAccumulated = list?.exprKind.case === 'identExpr' && list.exprKind.value.name === accuVar;
  if (call.function !== '_+_' || !isAccumulated || added?.exprKind.case !== 'listExpr') return step;
  return callOf(step, appendItem, [list, ...added.exprKind.value.elements]);
}

function sizeOf(expr: Expr): number {
  return 1 + childrenOf(expr).reduce((sum, child) => sum + sizeOf(child), 0);
}

function callOf({ $typeName, id }: Expr, name: string, args: Expr[]): Expr {
  return {
    $typeName,
    id,
    exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } },
  };
}

function constantInteger({ $typeName, id }: Expr, value: bigint): Expr {
  const constant = { case: 'int64Value', value } as const;
  return {
    $typeName,
    id,
    exprKind: { case: 'constExpr', value: { $typeName: 'cel.expr.Constant', constantKind: constant } },
  };
}
