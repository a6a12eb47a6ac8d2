import { TemplateError } from './template-error.ts';

export type Operator = '' | '+' | '#' | '.' | '/' | '?' | '&';

export interface Expression {
  readonly operator: Operator;
  readonly variables: readonly { readonly name: string; readonly exploded: boolean }[];
}

const operators: readonly Operator[] = ['+', '#', '.', '/', '?', '&'];
const maxVariables = 10;

/** Whether a key of `resources` is a template and not a URI. */
export function isTemplate(text: string): boolean {
  return text.includes('{') || text.includes('}');
}

/** Splits an RFC 6570 template into its literals and expressions; neighbouring literals never follow each other. Throws `TemplateError`. */
export function parseTemplate(template: string): readonly (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    const text = template.slice(at, open === -1 ? undefined : open);
    if (text.includes('}')) throw new TemplateError('the template has a } without its {', 'write variables as {name}');
    if (text !== '') parts.push(text);
    if (open === -1) break;
    const close = template.indexOf('}', open);
    if (close === -1) throw new TemplateError('the template has a { without its }', 'write variables as {name}');
    parts.push(parseExpression(template.slice(open + 1, close)));
    at = close + 1;
  }
  return parts;
}

function parseExpression(text: string): Expression {
  const operator = operators.find((candidate) => text.startsWith(candidate)) ?? '';
  const variables = text.slice(operator.length).split(',').map(parseVariable);
  if (variables.length > maxVariables)
    throw new TemplateError(`an expression has more than ${maxVariables} variables`, 'use fewer');
  return { operator, variables };
}

function parseVariable(text: string): Expression['variables'][number] {
  const exploded = text.endsWith('*');
  const name = exploded ? text.slice(0, -1) : text;
  if (name.includes(':'))
    throw new TemplateError('prefix modifiers such as {id:3} are not supported', 'write the variable without it');
  if (!/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/.test(name)) {
    throw new TemplateError(
      `"{${text}}" is not a variable of RFC 6570`,
      'write variables as {name}, with letters, digits and _',
    );
  }
  return { name, exploded };
}
