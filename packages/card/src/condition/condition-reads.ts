import type { KnownPart } from '@sallyport/core';
import { childrenOf, parseExpression, type Expr } from './parse-expression.ts';

/** Something that a condition looks at. */
export interface ConditionRead {
  readonly variable: 'principal' | 'args' | 'call';
  /** Names of members from the variable on; without any it is the variable itself. */
  readonly path: readonly string[];
  readonly part: KnownPart;
}

/**
 * What a condition can look at, from its text alone. Whatever is not in this list makes no difference to it. What is looked up by a computed name, by a
 * number or in a loop is read as a whole.
 *
 * Throws `ConditionProblem` for what is not CEL.
 */
export function conditionReads(expression: string): readonly ConditionRead[] {
  return readsOf(parseExpression(expression).root);
}

/** The same of a part of a condition that stands in no loop. */
export function readsOf(expr: Expr): readonly ConditionRead[] {
  const found = new Map<string, ConditionRead>();
  collect(expr, 'value', (read) => found.set(JSON.stringify(read), read));
  return [...found.values()];
}

function collect(expr: Expr, part: KnownPart, add: (read: ConditionRead) => void): void {
  const place = placeOf(expr);
  if (place !== undefined) {
    add({ ...place, part });
    return;
  }
  const asked = memberAsked(expr);
  const holder = asked === undefined ? undefined : placeOf(asked.holder);
  if (asked !== undefined && holder !== undefined) {
    add({ variable: holder.variable, path: [...holder.path, asked.name], part: 'presence' });
    return;
  }
  const sized = isSize(expr);
  for (const child of childrenOf(expr)) collect(child, sized ? 'shape' : 'value', add);
}

type Place = Omit<ConditionRead, 'part'>;

/** A variable, or members of it by their names. The variables of loops are none: what a loop goes through is read as a whole. */
function placeOf({ exprKind }: Expr): Place | undefined {
  switch (exprKind.case) {
    case 'identExpr': {
      const variable = variableOf(exprKind.value.name);
      return variable && { variable, path: [] };
    }
    case 'selectExpr':
      return exprKind.value.testOnly ? undefined : memberOf(exprKind.value.operand, exprKind.value.field);
    case 'callExpr': {
      const [holder, name] = exprKind.value.args;
      return exprKind.value.function === '_[_]' ? memberOf(holder, constantText(name)) : undefined;
    }
    default:
      return undefined;
  }
}

function memberOf(holder: Expr | undefined, name: string | undefined): Place | undefined {
  const place = holder && placeOf(holder);
  return place && name !== undefined ? { ...place, path: [...place.path, name] } : undefined;
}

/** `has(x.name)` and `'name' in x`. */
function memberAsked({ exprKind }: Expr): { readonly holder: Expr; readonly name: string } | undefined {
  if (exprKind.case === 'selectExpr') {
    const { operand, field, testOnly } = exprKind.value;
    return testOnly && operand ? { holder: operand, name: field } : undefined;
  }
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '@in') return undefined;
  const [left, holder] = exprKind.value.args;
  const name = constantText(left);
  return holder && name !== undefined ? { holder, name } : undefined;
}

function isSize({ exprKind }: Expr): boolean {
  return exprKind.case === 'callExpr' && exprKind.value.function === 'size';
}

function constantText(expr: Expr | undefined): string | undefined {
  if (expr?.exprKind.case !== 'constExpr') return undefined;
  const { constantKind } = expr.exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : undefined;
}

function variableOf(name: string): ConditionRead['variable'] | undefined {
  return name === 'principal' || name === 'args' || name === 'call' ? name : undefined;
}
