import { parseSync, Visitor, type ArrayExpressionElement, type Argument, type Node } from 'oxc-parser';

/** Where a test file cites requirements. */
export interface Citation {
  readonly file: string;
  readonly line: number;
  readonly ids: readonly string[];
  /** Why the ids can not be read, if they can not. */
  readonly problem?: string;
}

const comment = /^[\s*]*@verifies\s+(?<ids>[A-Z0-9, \t-]*[A-Z0-9])[\s*]*$/;
const testNames: ReadonlySet<string> = new Set(['test', 'it']);

/**
 * Reads from the text of a test file which requirements it cites, without running it: the first argument of every `verifies(…)`,
 * and every comment `// @verifies ID, ID` that stands directly above a `test(…)`.
 */
export function readCitations(file: string, text: string): Citation[] {
  const { program, comments, errors } = parseSync(file, text);
  if (errors[0] !== undefined) return [{ file, line: 1, ids: [], problem: `can not be parsed: ${errors[0].message}` }];
  const citations: Citation[] = [];
  const cite = (offset: number, found: { ids: readonly string[]; problem?: string }): void => {
    citations.push({ file, line: text.slice(0, offset).split('\n').length, ...found });
  };
  const tests: number[] = [];
  new Visitor({
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'verifies')
        cite(node.start, literalIds(node.arguments[0]));
    },
    ExpressionStatement: (node) => {
      const name = calleeName(node.expression);
      if (name !== undefined && testNames.has(name)) tests.push(node.start);
    },
  }).visit(program);
  for (const one of comments) {
    if (!one.value.includes('@verifies')) continue;
    const ids = comment.exec(one.value)?.groups?.['ids']?.split(/[, \t]+/);
    const above = tests.some((start) => start > one.end && text.slice(one.end, start).trim() === '');
    if (ids === undefined) cite(one.start, { ids: [], problem: 'has a @verifies comment that is no list of ids' });
    else cite(one.start, above ? { ids } : { ids, problem: 'has a @verifies comment that stands above no test' });
  }
  return citations;
}

function literalIds(node: Argument | undefined): { ids: readonly string[]; problem?: string } {
  const elements: readonly (ArrayExpressionElement | Argument | undefined)[] =
    node?.type === 'ArrayExpression' ? node.elements : [node];
  const ids = elements.map((element) =>
    element?.type === 'Literal' && typeof element.value === 'string' ? element.value : undefined,
  );
  const known = ids.filter((id) => id !== undefined);
  if (known.length === ids.length && known.length > 0) return { ids: known };
  return { ids: known, problem: 'calls verifies with ids that are not literals' };
}

/** The name that a call begins with: `test` of `test(…)`, `test.each(…)(…)` and `test.concurrent(…)`. */
function calleeName(node: Node): string | undefined {
  let current: Node = node;
  if (current.type !== 'CallExpression') return undefined;
  for (;;) {
    if (current.type === 'CallExpression') current = current.callee;
    else if (current.type === 'MemberExpression') current = current.object;
    else if (current.type === 'TaggedTemplateExpression') current = current.tag;
    else return current.type === 'Identifier' ? current.name : undefined;
  }
}
