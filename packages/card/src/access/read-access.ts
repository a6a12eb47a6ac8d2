import { isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { accessKey, type AccessPolicy, type TargetRule } from '../card/card.ts';
import { CardProblem, onOneLine, show, type DocumentPath } from '../card/card-problem.ts';
import type { ProblemList } from '../card/problem-list.ts';
import { resourceProblem } from '../template/resource-problem.ts';
import { readScopes } from './read-scopes.ts';
import { readTargetRule, type ReadRuleContext, type RuleKind } from './read-target-rule.ts';

const accessPath = ['_meta', accessKey];
const parts: readonly string[] = ['scopes', 'tools', 'resources', 'prompts'];
const maxTargets = 10_000;
const maxNameLength = 1024;

/**
 * Reads `_meta["dev.sallyport/access"]`. Unknown fields are errors, every scope that is used must be declared, and nothing is
 * permitted by being left out. What is wrong is added to `problems`; the policy that is returned is then of no use.
 */
export function readAccess(document: JsonObject, problems: ProblemList): AccessPolicy {
  const block = member(member(document, '_meta'), accessKey);
  if (block === undefined) {
    const problem = 'is missing, so nothing could be called';
    const remedy =
      'add it with "scopes" and the rules of your "tools", "resources" and "prompts", or {} to deny everything on purpose';
    problems.add(new CardProblem(accessPath, problem, remedy));
  }
  const fields = block === undefined ? {} : asObject(block, accessPath, problems);
  for (const key of Object.keys(fields)) {
    if (!parts.includes(key))
      problems.add(new CardProblem([...accessPath, key], 'is not a known field', `use ${parts.join(', ')}`));
  }
  const scopes = readScopes(fields['scopes'], [...accessPath, 'scopes'], problems);
  const read = (part: string, kind: RuleKind): ReadonlyMap<string, TargetRule> =>
    readTargets(fields[part], [...accessPath, part], { kind, declared: scopes, problems });
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
  context: ReadRuleContext,
): ReadonlyMap<string, TargetRule> {
  const rules = new Map<string, TargetRule>();
  if (value === undefined) return rules;
  const { kind, problems } = context;
  const entries = Object.entries(asObject(value, path, problems));
  if (entries.length > maxTargets) {
    problems.add(new CardProblem(path, `has more than ${maxTargets} entries`, 'declare fewer targets'));
    return rules;
  }
  for (const [name, written] of entries) {
    problems.attempt(() => checkName(name, [...path, name], kind));
    const rule = problems.attempt(() => readTargetRule(written, [...path, name], context));
    if (rule !== undefined) rules.set(name, rule);
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

function asObject(value: JsonValue, path: DocumentPath, problems: ProblemList): JsonObject {
  if (isJsonObject(value)) return value;
  problems.add(new CardProblem(path, `must be an object, not ${show(value)}`, 'correct it'));
  return {};
}
