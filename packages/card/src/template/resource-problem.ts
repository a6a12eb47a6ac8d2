import { isTemplate, parseTemplate, type Expression } from './parse-template.ts';
import { TemplateError } from './template-error.ts';
import { compileUriTemplate } from './uri-template.ts';

/**
 * Why a key of `resources` can not work, if it can not. A template must expand to URIs in normal form, because only those are matched:
 * a server that parses a URI sees its normal form, and policy and server must see the same.
 */
export function resourceProblem(key: string): { readonly problem: string; readonly remedy: string } | undefined {
  if (!isTemplate(key)) {
    return URL.canParse(key)
      ? undefined
      : { problem: 'is not an absolute URI', remedy: 'write it as the server registers it, with its scheme' };
  }
  try {
    compileUriTemplate(key);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { problem: error.message, remedy: error.remedy };
  }
  const examples = [expandWith(key, 'x'), expandWith(key, '1')];
  const parsed = examples.filter((example) => URL.canParse(example));
  if (parsed.some((example) => new URL(example).href === example)) return undefined;
  const [example] = parsed;
  return {
    problem:
      example === undefined
        ? 'does not expand to absolute URIs'
        : `expands to ${example}, whose normal form is ${new URL(example).href}`,
    remedy: 'write the template so that it expands to URIs in normal form',
  };
}

function expandWith(template: string, value: string): string {
  return parseTemplate(template)
    .map((part) => (typeof part === 'string' ? part : expandExpression(part, value)))
    .join('');
}

function expandExpression({ operator, variables }: Expression, value: string): string {
  const [first] = variables;
  if (operator === '?' || operator === '&') return `${operator}${first?.name}=${value}`;
  return operator === '' || operator === '+' ? value : `${operator}${value}`;
}
