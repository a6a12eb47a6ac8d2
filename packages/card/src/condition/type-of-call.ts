import { RE2JS } from '@bufbuild/re2';
import { onOneLine, show } from '../card/card-problem.ts';
import { ConditionProblem } from './condition-problem.ts';
import { functions, methods, operators, resultOf, type Overload } from './overloads.ts';
import type { Expr } from './parse-expression.ts';
import { boolType, canBeEqual, describeKinds, eitherOf, json, kind, number, type StaticType } from './static-type.ts';

type ExprKind = Expr['exprKind'];
/** An operator, function or method and its operands. */
export type Call = Extract<ExprKind, { case: 'callExpr' }>['value'];

/** How the parts of a call are typed. */
export interface Typing {
  /** Scopes that the card declares. */
  readonly declared: ReadonlyMap<string, unknown>;
  readonly typeOf: (expr: Expr) => StaticType;
  /** As `typeOf`, for a part that stands alone: `principal` and `call` do not, only their members. */
  readonly valueOf: (expr: Expr) => StaticType;
  readonly text: (expr: Expr) => string;
}

/** The type of an operator, function or method. Throws `ConditionProblem`. */
export function typeOfCall(call: Call, whole: Expr, typing: Typing): StaticType {
  const [left, right, third] = call.args;
  switch (call.function) {
    case '_==_':
    case '_!=_':
      if (left && right) return typeOfEquality(whole, typing.valueOf(left), typing.valueOf(right), typing);
      break;
    case '@in':
      if (left && right) return typeOfMembership(whole, left, right, typing);
      break;
    case '_[_]':
      if (left && right) return typeOfIndex(whole, left, right, typing);
      break;
    case '_?_:_':
      if (left && right && third) {
        requireOperands(whole, [typing.valueOf(left)], [{ operands: [kind.bool], result: kind.bool }], typing);
        return eitherOf(typing.valueOf(right), typing.valueOf(third));
      }
      break;
    default:
  }
  const operands = [...(call.target === undefined ? [] : [call.target]), ...call.args].map(typing.valueOf);
  const overloads = overloadsOf(call);
  if (overloads === undefined) {
    const known = call.target === undefined ? functions : methods;
    const problem = `uses the function "${onOneLine(call.function)}", which does not exist`;
    throw new ConditionProblem(problem, `use one of ${[...known.keys()].join(', ')}`);
  }
  const kinds = requireOperands(whole, operands, overloads, typing);
  if (call.target !== undefined && call.function === 'matches') requirePattern(whole, left, typing);
  if (kinds !== kind.list) return { kinds };
  const [one = json, other = json] = operands.map(({ element }) => element ?? json);
  return { kinds, element: eitherOf(one, other) };
}

function overloadsOf(call: Call): readonly Overload[] | undefined {
  if (call.target !== undefined) return methods.get(call.function);
  return operators.get(call.function) ?? functions.get(call.function);
}

function requireOperands(
  whole: Expr,
  operands: readonly StaticType[],
  overloads: readonly Overload[],
  { text }: Typing,
): number {
  const kinds = operands.map((operand) => operand.kinds);
  const result = resultOf(overloads, kinds);
  if (result !== undefined) return result;
  const problem = `can not work: ${text(whole)} has ${kinds.map(describeKinds).join(' and ') || 'no operands'}`;
  const mixes = kinds.length === 2 && kinds.every((bits) => (bits & number) !== 0);
  throw new ConditionProblem(
    problem,
    mixes ? 'numbers of arguments are doubles: write 1.0 instead of 1, or int(args.x)' : 'correct the types',
  );
}

function typeOfEquality(whole: Expr, left: StaticType, right: StaticType, { text }: Typing): StaticType {
  if (canBeEqual(left.kinds, right.kinds)) return boolType;
  const problem = `compares ${describeKinds(left.kinds)} with ${describeKinds(right.kinds)}: ${text(whole)}`;
  const isNull = left.kinds === kind.null || right.kinds === kind.null;
  throw new ConditionProblem(
    problem,
    isNull ? 'what is not known is missing and not null: use has(…)' : 'correct the types',
  );
}

function typeOfMembership(whole: Expr, left: Expr, right: Expr, typing: Typing): StaticType {
  const value = typing.valueOf(left);
  const container = typing.valueOf(right);
  if ((container.kinds & (kind.list | kind.map)) === 0) {
    const problem = `looks into ${typing.text(right)}, which is ${describeKinds(container.kinds)}`;
    throw new ConditionProblem(problem, 'use a list or a map');
  }
  const element = container.kinds === kind.list ? container.element : undefined;
  if (element !== undefined) typeOfEquality(whole, value, element, typing);
  const name = constantText(left);
  if (name !== undefined && isHeldScopes(right) && !typing.declared.has(name)) {
    const problem = `looks for ${show(name)} in principal.scopes, which is not a declared scope`;
    throw new ConditionProblem(problem, 'declare it in "scopes" or correct its name');
  }
  return boolType;
}

function typeOfIndex(whole: Expr, left: Expr, right: Expr, typing: Typing): StaticType {
  const of = typing.typeOf(left);
  const index = typing.valueOf(right);
  if (of.fields !== undefined) {
    const type = of.fields.get(constantText(right) ?? '');
    if (type !== undefined) return type;
    const known = [...of.fields.keys()].join(', ');
    throw new ConditionProblem(`uses ${typing.text(whole)}, which does not exist`, `use one of ${known}`);
  }
  const fits =
    ((of.kinds & kind.map) !== 0 && (index.kinds & kind.string) !== 0) ||
    ((of.kinds & kind.list) !== 0 && (index.kinds & number) !== 0);
  if (fits) return of.element ?? json;
  const problem = `can not work: ${typing.text(whole)} looks up ${describeKinds(index.kinds)} in ${describeKinds(of.kinds)}`;
  throw new ConditionProblem(problem, 'a list is looked up by number, a map by text');
}

/** The pattern must stand in the card: one from the arguments would be compiled, at its price, for every call. */
function requirePattern(whole: Expr, pattern: Expr | undefined, { text }: Typing): void {
  const source = pattern === undefined ? undefined : constantText(pattern);
  if (source === undefined)
    throw new ConditionProblem(`has a pattern that is not a text in quotes: ${text(whole)}`, 'write the pattern there');
  try {
    RE2JS.compile(source);
  } catch (error) {
    const found = error instanceof Error ? onOneLine(error.message).slice(0, 100) : 'it does not parse';
    throw new ConditionProblem(`has a pattern that is not an RE2 regular expression: ${found}`, 'correct the pattern');
  }
}

function constantText({ exprKind }: Expr): string | undefined {
  if (exprKind.case !== 'constExpr') return undefined;
  return exprKind.value.constantKind.case === 'stringValue' ? exprKind.value.constantKind.value : undefined;
}

/** `principal.scopes`. */
function isHeldScopes({ exprKind }: Expr): boolean {
  if (exprKind.case !== 'selectExpr' || exprKind.value.field !== 'scopes') return false;
  const operand = exprKind.value.operand?.exprKind;
  return operand?.case === 'identExpr' && operand.value.name === 'principal';
}
