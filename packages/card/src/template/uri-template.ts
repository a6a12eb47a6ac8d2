import { anyCharacter, Automaton, characterClass, type CharacterClass, type Fragment } from './automaton.ts';
import { parseTemplate, type Expression } from './parse-template.ts';
import { TemplateError } from './template-error.ts';

/** A compiled URI template. */
export interface UriTemplate {
  readonly template: string;
  /** Whether a whole URI is an expansion of the template. Linear in the length of the URI. */
  matches(uri: string): boolean;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const unreserved = characterClass(`${letters}${digits}-._~`);
const unreservedOrReserved = characterClass(`${letters}${digits}-._~:/?#[]@!$&'()*+,;=`);
const hex = characterClass(`${digits}ABCDEFabcdef`);

const maxPositions = 4096;

/**
 * Compiles an RFC 6570 template to a matcher of its expansions: operators `+ # . / ? &`, lists of names and `*`. No prefix modifiers.
 *
 * It is at most as permissive as RFC 6570. Every expression stands for at least one value, a value has at least one character,
 * `{id}` has no `/`, `?` or `#` in it, and a query expression names its parameters in order. Throws `TemplateError` for what is not such a template.
 */
export function compileUriTemplate(template: string): UriTemplate {
  const parts = parseTemplate(template);
  const prefix = typeof parts[0] === 'string' ? parts[0] : '';
  const automaton = new Automaton();
  let expression = automaton.text('');
  for (const part of prefix === '' ? parts : parts.slice(1)) {
    expression = automaton.sequence(
      expression,
      typeof part === 'string' ? automaton.text(part) : expansions(automaton, part),
    );
    if (automaton.size > maxPositions) throw new TemplateError('the template is too complex', 'use fewer variables');
  }
  return matcherOf(template, [prefix, lastText(parts)], automaton, expression);
}

/**
 * Compiles a template, which need not be valid, to a matcher of at least everything any reading of it could match: every expression
 * stands for any text. For what must be refused rather than what may pass.
 */
export function compileLooseTemplate(template: string): UriTemplate {
  const texts = template.split(/\{[^{}]*\}/);
  const automaton = new Automaton();
  let expression = automaton.text('');
  for (const text of texts.slice(1)) {
    const anything = automaton.optional(automaton.repeated(automaton.oneOf(anyCharacter)));
    expression = automaton.sequence(expression, anything, automaton.text(text));
  }
  return matcherOf(template, [texts[0] ?? '', texts.at(-1) ?? ''], automaton, expression);
}

/** What is not between the first and the last text of the template is told apart without the automaton. */
function matcherOf(
  template: string,
  [prefix, suffix]: readonly [string, string],
  automaton: Automaton,
  expression: Fragment,
): UriTemplate {
  const matchesRest = automaton.matcher(expression);
  const mayMatch = (uri: string): boolean => uri.startsWith(prefix) && uri.endsWith(suffix);
  return { template, matches: (uri) => mayMatch(uri) && matchesRest(uri.slice(prefix.length)) };
}

function lastText(parts: readonly (string | Expression)[]): string {
  const last = parts.at(-1);
  return typeof last === 'string' ? last : '';
}

function expansions(automaton: Automaton, { operator, variables }: Expression): Fragment {
  const value = (characters: CharacterClass): Fragment =>
    automaton.repeated(
      automaton.choice(
        automaton.oneOf(characters),
        automaton.sequence(automaton.text('%'), automaton.oneOf(hex), automaton.oneOf(hex)),
      ),
    );
  const simple = (): Fragment => value(unreserved);
  switch (operator) {
    case '+':
      return value(unreservedOrReserved);
    case '#':
      return automaton.sequence(automaton.text('#'), value(unreservedOrReserved));
    case '.':
    case '/':
      return automaton.sequence(automaton.text(operator), list(automaton, simple, operator, variables));
    case '?':
    case '&':
      return automaton.sequence(automaton.text(operator), parameters(automaton, simple, variables));
    default:
      return list(automaton, simple, ',', variables);
  }
}

/** One value for each name at most, or any number when one of them is exploded. */
function list(
  automaton: Automaton,
  value: () => Fragment,
  separator: string,
  variables: Expression['variables'],
): Fragment {
  const more = (): Fragment => automaton.sequence(automaton.text(separator), value());
  if (variables.some(({ exploded }) => exploded)) {
    return automaton.sequence(value(), automaton.optional(automaton.repeated(more())));
  }
  const rest = variables
    .slice(1)
    .reduce((inner) => automaton.optional(automaton.sequence(more(), inner)), automaton.text(''));
  return automaton.sequence(value(), rest);
}

/** `name=value` for some of the names, in their order. */
function parameters(automaton: Automaton, value: () => Fragment, variables: Expression['variables']): Fragment {
  const pair = (name: string): Fragment => automaton.sequence(automaton.text(`${name}=`), value());
  const more = (name: string): Fragment => automaton.sequence(automaton.text('&'), pair(name));
  const startingWith = ({ name, exploded }: Expression['variables'][number], index: number): Fragment => {
    const again = exploded ? [automaton.optional(automaton.repeated(more(name)))] : [];
    const others = variables
      .slice(index + 1)
      .map((other) => automaton.optional(other.exploded ? automaton.repeated(more(other.name)) : more(other.name)));
    return automaton.sequence(pair(name), ...again, ...others);
  };
  return automaton.choice(...variables.map(startingWith));
}
