import { isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { accessKey, type AccessPolicy, type TargetRule } from '../card/card.ts';
import { CardProblem, onOneLine, show, type DocumentPath } from '../card/card-problem.ts';
import { resourceProblem } from '../template/resource-problem.ts';
import { readScopes } from './read-scopes.ts';
import { readTargetRule, type RuleKind } from './read-target-rule.ts';

const accessPath = ['_meta', accessKey];
const parts: readonly string[] = ['scopes', 'tools', 'resources', 'prompts'];
const maxTargets = 10_000;
const maxNameLength = 1024;

/**
 * Reads `_meta["dev.sallyport/access"]`. Unknown fields are errors, every scope that is used must be declared, and nothing is
 * permitted by being left out. Throws `CardProblem`.
 */
export function readAccess(document: JsonObject): AccessPolicy {
  const block = member(member(document, '_meta'), accessKey);
  if (block === undefined) {
    throw new CardProblem(
      accessPath,
      'is missing, so nothing could be called',
      'add it with "scopes" and the rules of your "tools", "resources" and "prompts", or {} to deny everything on purpose',
    );
  }
  const fields = asObject(block, accessPath);
  for (const key of Object.keys(fields)) {
    if (!parts.includes(key))
      throw new CardProblem([...accessPath, key], 'is not a known field', `use ${parts.join(', ')}`);
  }
  const scopes = readScopes(fields['scopes'], [...accessPath, 'scopes']);
  const read = (part: string, kind: RuleKind): ReadonlyMap<string, TargetRule> =>
    readTargets(fields[part], [...accessPath, part], kind, scopes);
  return {
    scopes,
    tools: read('tools', 'tool'),
    resources: read('resources', 'resource'),
    prompts: read('prompts', 'prompt'),
  };
}

function readTargets(
  value: JsonValue | undefined,
  path: DocumentPath,
  kind: RuleKind,
  declared: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, TargetRule> {
  const rules = new Map<string, TargetRule>();
  if (value === undefined) return rules;
  const entries = Object.entries(asObject(value, path));
  if (entries.length > maxTargets)
    throw new CardProblem(path, `has more than ${maxTargets} entries`, 'declare fewer targets');
  for (const [name, rule] of entries) {
    checkName(name, [...path, name], kind);
    rules.set(name, readTargetRule(rule, [...path, name], kind, declared));
  }
  return rules;
}

function checkName(name: string, path: DocumentPath, kind: RuleKind): void {
  if (name === '' || name.length > maxNameLength || hasControlCharacter(name)) {
    const problem = `is not a name: 1 to ${maxNameLength} characters without control characters are expected`;
    throw new CardProblem(path, problem, 'use the name exactly as the server registers it');
  }
  const problem = kind === 'resource' ? resourceProblem(name) : undefined;
  if (problem !== undefined) throw new CardProblem(path, problem.problem, problem.remedy);
}

function hasControlCharacter(name: string): boolean {
  return (
    onOneLine(name) !== name && Array.from(name).some((char) => char < ' ' || (char >= '\u007F' && char < '\u00A0'))
  );
}

function asObject(value: JsonValue, path: DocumentPath): JsonObject {
  if (!isJsonObject(value)) throw new CardProblem(path, `must be an object, not ${show(value)}`, 'correct it');
  return value;
}
