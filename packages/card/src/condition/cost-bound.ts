import { childrenOf, type Expr } from './parse-expression.ts';
import { patternSteps } from './patterns.ts';

/**
 * Steps that an evaluation of an expression takes at most, whatever its variables hold, when all of them together have so many characters
 * as JSON. Far too many for most; never too few.
 */
export function costBound(root: Expr, characters: number): number {
  const facts: ExpressionFacts = {
    nodes: 0,
    calls: 0,
    loops: 0,
    variables: 0,
    literals: 0,
    depth: 0,
    perCharacter: 1,
    searches: false,
  };
  measure(root, 0, facts);
  const { nodes, calls, loops, variables, literals, depth, perCharacter, searches } = facts;
  // No value of a part is larger than everything that is read below it; in a loop, for each of its items.
  const value = variables * characters + literals + nodes;
  const size = value ** (1 + depth);
  const call = 4 + size * perCharacter + (searches ? (size * size) / 1024 : 0);
  return (calls * call + loops * (nodes + 4) * size + variables * (4 + characters)) * value ** depth;
}

interface ExpressionFacts {
  nodes: number;
  /** Operators, functions and methods. */
  calls: number;
  loops: number;
  variables: number;
  /** Characters of texts in the expression. */
  literals: number;
  /** Loops in one another. */
  depth: number;
  /** Steps that a function spends on one character. */
  perCharacter: number;
  /** Texts are looked for in texts. */
  searches: boolean;
}

function measure(expr: Expr, loops: number, facts: ExpressionFacts): void {
  const { exprKind } = expr;
  facts.nodes += 1;
  facts.depth = Math.max(facts.depth, loops);
  if (exprKind.case === 'callExpr') facts.calls += 1;
  if (exprKind.case === 'comprehensionExpr') facts.loops += 1;
  if (exprKind.case === 'identExpr') facts.variables += 1;
  if (exprKind.case === 'constExpr' && exprKind.value.constantKind.case === 'stringValue')
    facts.literals += exprKind.value.constantKind.value.length;
  if (exprKind.case === 'callExpr' && exprKind.value.function === 'contains') facts.searches = true;
  if (exprKind.case === 'callExpr' && exprKind.value.function === 'matches') {
    const pattern = exprKind.value.args.at(-1)?.exprKind;
    const constant = pattern?.case === 'constExpr' ? pattern.value.constantKind : undefined;
    const steps = constant?.case === 'stringValue' ? patternSteps(constant.value) : Number.POSITIVE_INFINITY;
    facts.perCharacter = Math.max(facts.perCharacter, steps);
  }
  const inside = exprKind.case === 'comprehensionExpr' ? loops + 1 : loops;
  for (const child of childrenOf(expr)) measure(child, inside, facts);
}
