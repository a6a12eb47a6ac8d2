import { parseSync, Visitor, type Comment, type Node, type VisitorObject } from 'oxc-parser';

/** The outcome of parsing one file. */
export interface ParsedModule {
  readonly comments: readonly Comment[];
  /** The first syntax error, if there is one; nothing was visited then. */
  readonly broken: string | undefined;
}

/** Parses a file and walks its syntax tree. */
export function parseModule(path: string, text: string, visitor: VisitorObject): ParsedModule {
  const result = parseSync(path, text);
  const error = result.errors[0];
  if (error !== undefined) return { comments: [], broken: `can not be parsed: ${error.message}` };
  new Visitor(visitor).visit(result.program);
  return { comments: result.comments, broken: undefined };
}

/** The text of a string literal or of a template without holes; undefined for everything else. */
export function literalText(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** Whether a node is the plain name. */
export function isIdentifier(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/** Whether a node is `<object>.<property>`, where the object is a name or `import.meta`. */
export function isMember(node: Node, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || node.computed || node.property.name !== property) return false;
  if (node.object.type === 'MetaProperty') return object === 'import.meta' && node.object.meta.name === 'import';
  return isIdentifier(node.object, object);
}

/** The line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
