import { show } from '../card/card-problem.ts';
import type { Card, TargetRule } from '../card/card.ts';
import { coversTemplate, createRegisteredResources } from '../authorize/registered-resources.ts';
import { isTemplate } from '../template/parse-template.ts';
import { compileUriTemplate } from '../template/uri-template.ts';
import { findScopeDrift, type VisibleScopes } from './find-scope-drift.ts';
import type { RegisteredTargets } from './registered-targets.ts';

/** One difference between a card and what its server registers. */
export interface DriftFinding {
  /**
   * `undeclared`: registered or advertised but not in the card, so unreachable. `unregistered`: in the card but not registered. `exposed`: a scope of hidden
   * targets that everybody would see. `advertised`: what the server advertises is not what the configuration says.
   */
  readonly kind: 'undeclared' | 'unregistered' | 'exposed' | 'advertised';
  /** Absent where hidden targets are counted. */
  readonly target?: 'tool' | 'resource' | 'resource template' | 'prompt' | 'scope';
  /** Absent where hidden targets are counted. */
  readonly name?: string;
  /** One line for an operator. */
  readonly message: string;
}

type NamedKind = Exclude<NonNullable<DriftFinding['target']>, 'scope'>;

/**
 * Compares a card with what a server registers, in both directions. A registered resource counts as declared when a template of the
 * card matches it. Scopes that everybody gets to see are compared too, where they are given. Hidden targets and their scopes are counted and never named.
 */
export function findDrift(
  card: Card,
  registered: RegisteredTargets,
  visible: VisibleScopes = {},
): readonly DriftFinding[] {
  const { tools, resources, prompts } = card.access;
  const keys = [...resources.keys()];
  const templates = keys.filter(isTemplate).map(compileUriTemplate);
  const server = createRegisteredResources(registered);
  const isCovered = (uri: string): boolean => resources.has(uri) || templates.some((template) => template.matches(uri));
  const isServed = (key: string): boolean =>
    isTemplate(key) ? coversTemplate(server, compileUriTemplate(key)) : server.has(key);

  const undeclared = [
    ...without(registered.tools, (name) => tools.has(name)).map((name) => undeclaredFinding('tool', name)),
    ...without(registered.resources, isCovered).map((name) => undeclaredFinding('resource', name)),
    ...without(registered.resourceTemplates, (name) => resources.has(name)).map((name) =>
      undeclaredFinding('resource template', name),
    ),
    ...without(registered.prompts, (name) => prompts.has(name)).map((name) => undeclaredFinding('prompt', name)),
  ];
  const missing: readonly [NamedKind, string, TargetRule | undefined][] = [
    ...without([...tools.keys()], inSet(registered.tools)).map((name): [NamedKind, string, TargetRule | undefined] => [
      'tool',
      name,
      tools.get(name),
    ]),
    ...without(keys, isServed).map((name): [NamedKind, string, TargetRule | undefined] => [
      isTemplate(name) ? 'resource template' : 'resource',
      name,
      resources.get(name),
    ]),
    ...without([...prompts.keys()], inSet(registered.prompts)).map(
      (name): [NamedKind, string, TargetRule | undefined] => ['prompt', name, prompts.get(name)],
    ),
  ];
  const open = missing.filter(([, , rule]) => rule?.disclosure !== 'hide');
  return [
    ...undeclared,
    ...open.map(([target, name]) => unregisteredFinding(target, name)),
    ...hiddenFinding(missing.length - open.length),
    ...findScopeDrift(card, visible),
  ];
}

function undeclaredFinding(target: NamedKind, name: string): DriftFinding {
  return {
    kind: 'undeclared',
    target,
    name,
    message: `${target} ${show(name)} is registered but not in the card: nobody can reach it`,
  };
}

function unregisteredFinding(target: NamedKind, name: string): DriftFinding {
  return {
    kind: 'unregistered',
    target,
    name,
    message: `${target} ${show(name)} is in the card but not registered by the server`,
  };
}

function hiddenFinding(count: number): readonly DriftFinding[] {
  if (count === 0) return [];
  const what = count === 1 ? '1 hidden target of the card is' : `${count} hidden targets of the card are`;
  return [{ kind: 'unregistered', message: `${what} not registered by the server` }];
}

function without(names: readonly string[], isKnown: (name: string) => boolean): readonly string[] {
  return [...new Set(names)].filter((name) => !isKnown(name));
}

function inSet(names: readonly string[]): (name: string) => boolean {
  const set = new Set(names);
  return (name) => set.has(name);
}
