import { isCredentialName, isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { CardProblem, type DocumentPath } from '../card/card-problem.ts';
import { accessKey, type Card } from '../card/card.ts';
import type { ProblemList } from '../card/problem-list.ts';
import { publishedCard } from '../publish/published-card.ts';
import { assignedSecret } from './assigned-secrets.ts';
import { secretIn } from './secret-patterns.ts';
import { innerAddress } from './url-concerns.ts';
import { secretInUrl } from './url-secrets.ts';

/** Lists at the top of a published card. All they say stands in its policy and remotes as well. */
const generatedLists: ReadonlySet<string> = new Set(['tools', 'resources', 'prompts', 'scopes', 'transports']);

const remedy = 'remove it, and have it replaced by its issuer: what was published once is known';

/**
 * Looks for credentials in everything of a card that would be published, in either mode. What is one is added to `problems`; it is not
 * quoted.
 */
export function findSecrets(card: Card, problems: ProblemList): void {
  walk(published(card), [], (value, path) => {
    if (typeof value === 'string') {
      const kind = secretInText(value);
      if (kind !== undefined)
        problems.add(new CardProblem(path, `holds what looks like ${kind}, and would be published`, remedy));
    }
    if (isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        const kind = secretInText(name);
        if (kind !== undefined)
          problems.add(new CardProblem(path, `has a member whose name looks like ${kind}`, remedy));
      }
      const fixed = path[0] === 'remotes' ? fixedSecret(value, path) : undefined;
      if (fixed !== undefined)
        problems.add(
          new CardProblem([...path, fixed], 'is the value of a secret, and would be published', fixedRemedy),
        );
    }
  });
}

function secretInText(text: string): string | undefined {
  // What nobody sees splits no credential.
  const visible = text.replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/g, '');
  return secretIn(visible) ?? secretInUrl(visible) ?? assignedSecret(visible);
}

const fixedRemedy = 'remove it: whoever connects brings a secret of their own';

/** An input of SEP-2127 that is a secret, and has a value or a default that everybody may read. */
function fixedSecret(input: JsonObject, path: DocumentPath): 'value' | 'default' | undefined {
  const name = path.at(-2) === 'variables' ? path.at(-1) : member(input, 'name');
  const isSecret = member(input, 'isSecret') === true || (typeof name === 'string' && isCredentialName(name));
  if (!isSecret) return undefined;
  return (['value', 'default'] as const).find((part) => {
    const value = member(input, part);
    return typeof value === 'string' && hasSubstance(value);
  });
}

/** More than an authentication scheme and variables. */
function hasSubstance(value: string): boolean {
  const rest = value.replace(/\{[^{}]*\}/g, '').trim();
  return rest !== '' && !/^(?:bearer|basic|dpop|token|apikey)$/i.test(rest);
}

/** Something in a card that is valid and should not be published. */
export interface CardWarning {
  readonly finding: 'inner-address' | 'credential-name';
  readonly path: DocumentPath;
  readonly problem: string;
  readonly remedy: string;
}

/** What is odd to publish: addresses of an inner network, and members that are called like a credential. */
export function findWarnings(card: Card): readonly CardWarning[] {
  const found: CardWarning[] = [];
  walk(published(card), [], (value, path) => {
    if (typeof value !== 'string' || isPolicy(path)) return;
    const inner = innerAddress(value);
    const name = path.at(-1);
    if (inner !== undefined) {
      found.push({ finding: 'inner-address', path, problem: inner, remedy: 'publish the address that clients use' });
    } else if (typeof name === 'string' && value !== '' && isCredentialName(name)) {
      const problem = 'is called like a credential, and would be published';
      found.push({ finding: 'credential-name', path, problem, remedy: 'make sure that it is none' });
    }
  });
  return found;
}

/** Names of targets and scopes are whatever they are. */
function isPolicy(path: DocumentPath): boolean {
  return path[0] === '_meta' && path[1] === accessKey;
}

function published(card: Card): JsonObject {
  const document = publishedCard(card, { publish: 'full' });
  return Object.fromEntries(Object.entries(document).filter(([key]) => !generatedLists.has(key)));
}

function walk(value: JsonValue, path: DocumentPath, visit: (value: JsonValue, path: DocumentPath) => void): void {
  visit(value, path);
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    for (const [index, item] of items.entries()) walk(item, [...path, index], visit);
  } else if (isJsonObject(value)) for (const [key, item] of Object.entries(value)) walk(item, [...path, key], visit);
}
