import { isJsonObject, member, SetupError, type JsonObject, type JsonValue } from '@sallyport/core';
import { isScopeToken } from '../access/scope-token.ts';
import { accessKey } from '../card/card.ts';
import { show, type DocumentPath } from '../card/card-problem.ts';
import { cardSchemaUrl, isCardName } from '../card/read-identity.ts';
import { isTemplate } from '../template/parse-template.ts';
import { TemplateError } from '../template/template-error.ts';
import { compileUriTemplate } from '../template/uri-template.ts';
import { setMembers, type MemberChange } from './set-members.ts';
import type { ListedServer, ListedTarget } from './listed-server.ts';
import { ruleFromTarget } from './rule-from-target.ts';

export interface CardFromListingOptions {
  /** Name of the card, such as `com.example/notes`. Default: the one of the existing card, else of the server. */
  readonly name?: string;
  /** Default: the one of the existing card, else of the server, else `1.0.0`. */
  readonly version?: string;
  /** Default: the one of the existing card, else made from what the server says of itself. At most 100 characters are kept. */
  readonly description?: string;
  /** A card to bring up to date. Everything a person decided in it stays as it is. */
  readonly existing?: JsonObject;
}

/** A card that was made from a server. */
export interface BuiltCard {
  readonly document: JsonObject;
  /** What differs from the existing card, in order. Without one, everything. */
  readonly changes: readonly MemberChange[];
  /** Rules that are in the document now and were not before, such as `tools.read-note`. */
  readonly added: readonly string[];
  /** Rules with `scopes: null`: somebody has to say who may use these. */
  readonly undecided: readonly string[];
  /** Rules of the existing card for what the server does not register. They are kept; hidden ones are not listed. */
  readonly gone: readonly string[];
  /** One line each, for a person. */
  readonly notes: readonly string[];
}

type Part = 'tools' | 'resources' | 'prompts';

/** A card for what a server lists: see `cardFromServer`. Throws `SetupError` with code `ERR_CARD_INVALID` when there is no name for it. */
export function cardFromListing(listed: ListedServer, options: CardFromListingOptions = {}): BuiltCard {
  const existing = options.existing ?? {};
  const changes: MemberChange[] = [];
  const set = (path: DocumentPath, value: JsonValue): void => void changes.push({ path, value });
  for (const [key, value] of identityOf(listed, options)) set([key], value);

  const access = member(member(existing, '_meta'), accessKey);
  const parts: readonly (readonly [Part, readonly ListedTarget[]])[] = [
    ['tools', listed.tools],
    ['resources', [...listed.resources.filter(isNoInstance(listed)), ...listed.resourceTemplates]],
    ['prompts', listed.prompts],
  ];
  if (member(access, 'scopes') === undefined) set(['_meta', accessKey, 'scopes'], {});
  const result = { added: [] as string[], undecided: [] as string[], gone: [] as string[], notes: [] as string[] };
  for (const [part, targets] of parts) {
    const rules = member(access, part);
    if (rules === undefined && targets.length > 0) set(['_meta', accessKey, part], {});
    for (const target of targets) addRule(part, target, { before: member(rules, target.name), result, set });
    const names = new Set(targets.map(({ name }) => name));
    for (const [name, rule] of isJsonObject(rules) ? Object.entries(rules) : []) {
      if (!names.has(name) && !isServed(part, name, listed) && member(rule, 'disclosure') !== 'hide')
        result.gone.push(`${part}.${name}`);
    }
  }
  for (const scope of missingScopes(access, changes)) set(['_meta', accessKey, 'scopes', scope], {});
  const document = setMembers(existing, changes);
  return { document, changes, ...result };
}

interface AddRuleContext {
  readonly before: JsonValue | undefined;
  readonly result: Record<'added' | 'undecided' | 'notes', string[]>;
  readonly set: (path: DocumentPath, value: JsonValue) => void;
}

function addRule(part: Part, target: ListedTarget, { before, result, set }: AddRuleContext): void {
  const path = ['_meta', accessKey, part, target.name];
  const name = `${part}.${target.name}`;
  const built = ruleFromTarget(target);
  const isOpen = isJsonObject(before) && before['scopes'] === null && before['anyOf'] === undefined;
  if (before !== undefined && !isOpen) {
    const differs =
      built.decided && ['scopes', 'anyOf'].some((key) => !equal(member(built.rule, key), member(before, key)));
    if (differs) result.notes.push(`${name}: the server asks for something else; the card was left as it is`);
    return;
  }
  if (before === undefined) result.added.push(name);
  if (!built.decided) result.undecided.push(name);
  if (built.note !== undefined) result.notes.push(`${name}: ${built.note}`);
  if (before === undefined) set(path, built.rule);
  else if (built.decided) set(path, { ...built.rule, ...without(before, 'scopes') });
}

function equal(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  const sorted = (value: JsonValue | undefined): JsonValue | undefined =>
    Array.isArray(value) ? value.map((item: JsonValue) => JSON.stringify(item)).toSorted() : value;
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function without(object: JsonValue, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object as JsonObject).filter(([name]) => name !== key));
}

/** A resource that is only one expansion of a template is covered by the rule of the template. */
function isNoInstance({ resourceTemplates }: ListedServer): (target: ListedTarget) => boolean {
  const templates = resourceTemplates.flatMap(({ name }) => {
    try {
      return [compileUriTemplate(name)];
    } catch (error) {
      if (error instanceof TemplateError) return [];
      throw error;
    }
  });
  return ({ name }) => !templates.some((template) => template.matches(name));
}

/** An exact rule for one expansion of a registered template has something to decide about. */
function isServed(part: Part, name: string, listed: ListedServer): boolean {
  return part === 'resources' && !isTemplate(name) && !isNoInstance(listed)({ name });
}

function missingScopes(access: JsonValue | undefined, changes: readonly MemberChange[]): readonly string[] {
  const declared = member(access, 'scopes');
  const used = changes.flatMap(({ path, value }) => (path.length === 4 ? scopesOf(value) : []));
  return [...new Set(used)].filter((scope) => isScopeToken(scope) && member(declared, scope) === undefined);
}

function scopesOf(rule: JsonValue): readonly string[] {
  const lists = ['scopes', 'anyOf', 'stepUp'].map((key) => member(rule, key) ?? []);
  return lists.flat(2).filter((scope): scope is string => typeof scope === 'string');
}

function identityOf(listed: ListedServer, options: CardFromListingOptions): readonly (readonly [string, JsonValue])[] {
  const { existing = {} } = options;
  const name = options.name ?? existing['name'] ?? listed.name;
  if (typeof name !== 'string' || !isCardName(name)) {
    throw new SetupError({
      code: 'ERR_CARD_INVALID',
      field: '/name',
      problem: `there is no name for the card: ${show(name)} is no reverse-DNS name such as com.example/notes`,
      remedy: 'name it',
    });
  }
  const description = options.description ?? listed.description ?? listed.title ?? `The MCP server ${name}.`;
  const wanted: readonly (readonly [string, JsonValue | undefined, JsonValue])[] = [
    ['$schema', undefined, cardSchemaUrl],
    ['name', options.name, name],
    ['version', options.version, listed.version ?? '1.0.0'],
    ['description', options.description, Array.from(description).slice(0, 100).join('')],
  ];
  return wanted.flatMap(([key, asked, made]) => {
    if (existing[key] !== undefined && (asked === undefined || asked === existing[key])) return [];
    return [[key, asked ?? made] as const];
  });
}
