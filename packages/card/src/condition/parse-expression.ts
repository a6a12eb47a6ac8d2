import { parse } from '@bufbuild/cel';
import { onOneLine } from '../card/card-problem.ts';
import { ConditionProblem } from './condition-problem.ts';

/** The tree of an expression, with its macros expanded. */
export type ParsedExpression = ReturnType<typeof parse>;
export type Expr = NonNullable<ParsedExpression['expr']>;

/** Levels of nesting and nodes an expression may have, macros expanded. Both bound the cost of an evaluation. */
const maxDepth = 48;
const maxNodes = 500;
/** Open brackets at one place. The parser spends more on every one. */
const maxBrackets = 32;

/** Parses CEL. Throws `ConditionProblem`: what does not parse, or is larger than a condition may be. */
export function parseExpression(text: string): { readonly parsed: ParsedExpression; readonly root: Expr } {
  requireFewBrackets(text);
  const parsed = parseText(text);
  const root = parsed.expr;
  if (root === undefined) throw new ConditionProblem('is empty', 'write a condition or remove it');
  requireSmall(root);
  return { parsed, root };
}

function parseText(text: string): ParsedExpression {
  try {
    // A comment ends with its line, also at the end of the text.
    return parse(`${text}\n`);
  } catch (error) {
    throw new ConditionProblem(`is not CEL: ${syntaxProblem(error)}`, 'correct the expression');
  }
}

/** The parser names the line and column and what it found, and then a long list of what it would have liked. */
function syntaxProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : 'it does not parse';
  const [, line, column, rest = ''] = /^<input>:(\d+):(\d+): (.*)$/s.exec(message) ?? [];
  if (line === undefined) return onOneLine(message).slice(0, 100);
  const found = onOneLine(rest.split(' but expecting ')[0] ?? '').slice(0, 60);
  return `${line === '1' ? '' : `line ${line}, `}character ${column}: ${found}`;
}

function requireFewBrackets(text: string): void {
  let open = 0;
  for (const char of text) {
    if ('([{'.includes(char)) open += 1;
    else if (')]}'.includes(char)) open -= 1;
    if (open > maxBrackets) throw tooDeep();
  }
}

function requireSmall(root: Expr): void {
  let nodes = 0;
  const open: [expr: Expr, depth: number][] = [[root, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [expr, depth] = next;
    nodes += 1;
    if (depth > maxDepth) throw tooDeep();
    if (nodes > maxNodes)
      throw new ConditionProblem(`has more than ${maxNodes} parts`, 'split the target or simplify the condition');
    for (const child of childrenOf(expr)) open.push([child, depth + 1]);
  }
}

function tooDeep(): ConditionProblem {
  return new ConditionProblem('is nested too deep', 'simplify it');
}

/** The parts of an expression. */
export function childrenOf({ exprKind }: Expr): readonly Expr[] {
  switch (exprKind.case) {
    case 'selectExpr':
      return present(exprKind.value.operand);
    case 'callExpr':
      return present(exprKind.value.target, ...exprKind.value.args);
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) =>
        present(keyKind.case === 'mapKey' ? keyKind.value : undefined, value),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return present(iterRange, accuInit, loopCondition, loopStep, result);
    }
    default:
      return [];
  }
}

function present(...parts: readonly (Expr | undefined)[]): readonly Expr[] {
  return parts.filter((part) => part !== undefined);
}
