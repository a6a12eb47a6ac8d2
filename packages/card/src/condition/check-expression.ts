import { unparse } from '@bufbuild/cel';
import { onOneLine } from '../card/card-problem.ts';
import { ConditionProblem } from './condition-problem.ts';
import type { Expr, ParsedExpression } from './parse-expression.ts';
import { boolType, describeKinds, eitherOf, intType, json, kind, stringType, type StaticType } from './static-type.ts';
import { typeOfCall, type Typing } from './type-of-call.ts';
import { elementOf, variablesOf, type ConditionKind } from './variables.ts';

/** Levels of macros inside macros: each multiplies the work. */
const maxMacros = 2;

export interface CheckExpressionOptions {
  /** What the condition stands in. */
  readonly kind: ConditionKind;
  /** Scopes that the card declares. */
  readonly declared: ReadonlyMap<string, unknown>;
}

type Variables = ReadonlyMap<string, StaticType>;

/**
 * Type-checks an expression: every name and function exists, operands can fit, the whole can be true or false. Returns the variables it
 * reads. What is in the arguments is known only when they come, so they fit anything that stands in JSON. Throws `ConditionProblem`.
 */
export function checkExpression(
  { expr, sourceInfo }: ParsedExpression,
  { kind: conditionKind, declared }: CheckExpressionOptions,
): ReadonlySet<string> {
  if (expr === undefined) throw new ConditionProblem('is empty', 'write a condition or remove it');
  const globals = variablesOf(conditionKind);
  const used = new Set<string>();

  const text = (part: Expr): string => {
    const whole = onOneLine(
      unparse({ $typeName: 'cel.expr.ParsedExpr', expr: part, ...(sourceInfo && { sourceInfo }) }),
    );
    return whole.length <= 80 ? whole : `${whole.slice(0, 79)}…`;
  };
  const notAvailable = (part: Expr): ConditionProblem =>
    new ConditionProblem(`uses what conditions do not have: ${text(part)}`, 'see the documentation of conditions');

  const typing = (variables: Variables, macros: number): Typing => {
    const here: Typing = {
      declared,
      text,
      typeOf: (part) => typeOf(part, variables, macros),
      valueOf: (part) => {
        const type = typeOf(part, variables, macros);
        if (type.fields === undefined || part.exprKind.case !== 'identExpr' || !globals.has(part.exprKind.value.name))
          return type;
        const known = [...type.fields.keys()].join(', ');
        throw new ConditionProblem(`uses "${text(part)}" as a value`, `name one of its members: ${known}`);
      },
    };
    return here;
  };

  const typeOf = (part: Expr, variables: Variables, macros: number): StaticType => {
    const { exprKind } = part;
    const here = typing(variables, macros);
    switch (exprKind.case) {
      case 'constExpr':
        return typeOfConstant(exprKind.value.constantKind.case);
      case 'identExpr': {
        const { name } = exprKind.value;
        if (globals.has(name)) used.add(name);
        return variables.get(name) ?? unknownVariable(name, variables);
      }
      case 'selectExpr': {
        if (exprKind.value.operand === undefined) throw notAvailable(part);
        const member = typeOfMember(exprKind.value.operand, exprKind.value.field, here);
        return exprKind.value.testOnly ? boolType : member;
      }
      case 'callExpr':
        return typeOfCall(exprKind.value, part, here);
      case 'listExpr':
        return { kinds: kind.list, element: common(exprKind.value.elements.map(here.valueOf)) };
      case 'structExpr':
        return { kinds: kind.map, element: common(mapValues(part).map(here.valueOf)) };
      case 'comprehensionExpr':
        return typeOfMacro(part, variables, macros);
      default:
        throw notAvailable(part);
    }
  };

  const mapValues = (part: Expr): readonly Expr[] => {
    if (part.exprKind.case !== 'structExpr' || part.exprKind.value.messageName !== '') throw notAvailable(part);
    return part.exprKind.value.entries.map(({ keyKind, value }) => {
      const key = keyKind.case === 'mapKey' ? keyKind.value.exprKind : undefined;
      const isName = key?.case === 'constExpr' && key.value.constantKind.case === 'stringValue';
      if (isName && value !== undefined) return value;
      throw new ConditionProblem(`has a map whose keys are not texts: ${text(part)}`, 'write the keys in quotes');
    });
  };

  /** `all`, `exists`, `exists_one`, `map` and `filter`, as the parser has expanded them. */
  const typeOfMacro = (part: Expr, variables: Variables, macros: number): StaticType => {
    if (part.exprKind.case !== 'comprehensionExpr') throw notAvailable(part);
    const { iterVar, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = part.exprKind.value;
    if (!iterRange || !accuInit || !loopCondition || !loopStep || !result) throw notAvailable(part);
    if (macros >= maxMacros)
      throw new ConditionProblem(`has more than ${maxMacros} macros inside each other`, 'simplify it');
    if (variables.has(iterVar))
      throw new ConditionProblem(`names a variable "${iterVar}", which exists already`, 'rename it');
    const range = typing(variables, macros).valueOf(iterRange);
    if ((range.kinds & (kind.list | kind.map)) === 0) {
      const problem = `goes through ${text(iterRange)}, which is ${describeKinds(range.kinds)}`;
      throw new ConditionProblem(problem, 'use a list or a map');
    }
    const outer = new Map([...variables, [accuVar, typeOf(accuInit, variables, macros)] as const]);
    const inner = new Map([...outer, [iterVar, elementOf(range)] as const]);
    typeOf(loopCondition, inner, macros + 1);
    const step = typeOf(loopStep, inner, macros + 1);
    return step.kinds === kind.list ? step : typeOf(result, outer, macros);
  };

  const { kinds } = typing(globals, 0).valueOf(expr);
  if ((kinds & kind.bool) !== 0) return used;
  throw new ConditionProblem(`is not true or false but ${describeKinds(kinds)}`, 'compare it with something');
}

function typeOfConstant(constant: string | undefined): StaticType {
  switch (constant) {
    case 'boolValue':
      return boolType;
    case 'int64Value':
      return intType;
    case 'doubleValue':
      return { kinds: kind.double };
    case 'stringValue':
      return stringType;
    case 'nullValue':
      return { kinds: kind.null };
    default:
      throw new ConditionProblem('uses bytes or unsigned numbers', 'write texts in quotes and plain numbers');
  }
}

function unknownVariable(name: string, variables: Variables): never {
  const known = [...variables.keys()].filter((other) => !other.startsWith('@')).join(', ');
  throw new ConditionProblem(`uses "${onOneLine(name)}", which does not exist`, `use ${known}`);
}

/** The type of `operand.field`. */
function typeOfMember(operand: Expr, field: string, { typeOf, text }: Typing): StaticType {
  const of = typeOf(operand);
  const shown = `${text(operand)}.${onOneLine(field)}`;
  const type = of.fields === undefined ? (of.element ?? json) : of.fields.get(field);
  if (type === undefined) {
    const known = [...(of.fields?.keys() ?? [])].join(', ');
    throw new ConditionProblem(`uses "${shown}", which does not exist`, `use one of ${known}`);
  }
  if ((of.kinds & kind.map) !== 0) return type;
  throw new ConditionProblem(`uses "${shown}", but ${text(operand)} is ${describeKinds(of.kinds)}`, 'correct it');
}

/** What the parts of a list or map have in common. */
function common([first, ...others]: readonly StaticType[]): StaticType {
  return first === undefined ? json : others.reduce(eitherOf, first);
}
