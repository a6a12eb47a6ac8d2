import type { JsonObject, SignInRequirement } from '@sallyport/core';
import { hiddenScopes } from '../access/hidden-scopes.ts';
import { bareObject } from '../card/bare-object.ts';
import type { AccessPolicy, ScopeRule, TargetRule } from '../card/card.ts';
import { isTemplate } from '../template/parse-template.ts';

/** What everybody may read of a policy. Without hidden targets and their scopes, conditions, sensitive pointers and audit settings. */
export interface PublicPolicy {
  /** For `_meta["dev.sallyport/access"]`: objects by name. */
  readonly access: JsonObject;
  /** For the top level of the card: lists. */
  readonly lists: {
    readonly tools: readonly JsonObject[];
    readonly resources: readonly JsonObject[];
    readonly prompts: readonly JsonObject[];
    readonly scopes: readonly JsonObject[];
  };
}

export function publicPolicy(access: AccessPolicy): PublicPolicy {
  const hidden = hiddenScopes(access);
  const scopes = [...access.scopes.keys()]
    .filter((name) => !hidden.has(name))
    .map((name): Entry => [name, publicScope(access.scopes, name, hidden)]);
  const [tools, resources, prompts] = [access.tools, access.resources, access.prompts].map(publicTargets);
  return {
    access: { scopes: byName(scopes), tools: byName(tools), resources: byName(resources), prompts: byName(prompts) },
    lists: {
      tools: listed(tools, () => 'name'),
      resources: listed(resources, (key) => (isTemplate(key) ? 'uriTemplate' : 'uri')),
      prompts: listed(prompts, () => 'name'),
      scopes: listed(scopes, () => 'name'),
    },
  };
}

type Entry = readonly [name: string, facts: JsonObject];

function publicTargets(rules: ReadonlyMap<string, TargetRule>): readonly Entry[] {
  return [...rules]
    .filter(([, { disclosure }]) => disclosure === 'challenge')
    .map(([name, rule]) => [name, publicRule(rule)]);
}

function publicRule({ description, scopes, anyOf, stepUp, authentication }: TargetRule): JsonObject {
  return {
    ...(description !== undefined && { description }),
    scopes,
    ...(anyOf.length > 0 && { anyOf }),
    ...(stepUp.length > 0 && { stepUp }),
    ...(authentication !== undefined && { authentication: publicSignIn(authentication) }),
  };
}

function publicSignIn({ acrValues, maxAgeSeconds }: SignInRequirement): JsonObject {
  return { ...(acrValues.length > 0 && { acrValues }), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) };
}

function publicScope(scopes: ReadonlyMap<string, ScopeRule>, name: string, hidden: ReadonlySet<string>): JsonObject {
  const description = scopes.get(name)?.description;
  const implies = visibleImplied(scopes, name, hidden);
  return { ...(description !== undefined && { description }), ...(implies.length > 0 && { implies }) };
}

/** What a scope implies, with the visible scopes behind a hidden one in its place: the reader learns all that the scope gives access to. */
function visibleImplied(
  scopes: ReadonlyMap<string, ScopeRule>,
  name: string,
  hidden: ReadonlySet<string>,
): readonly string[] {
  const visible = new Set<string>();
  const seen = new Set([name]);
  const waiting = [...(scopes.get(name)?.implies ?? [])].toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (hidden.has(next)) waiting.push(...(scopes.get(next)?.implies ?? []));
    else visible.add(next);
  }
  return [...visible];
}

function byName(entries: readonly Entry[] | undefined): JsonObject {
  // Without a prototype, so that a tool called __proto__ is published like any other.
  const result = bareObject();
  for (const [name, facts] of entries ?? []) result[name] = facts;
  return result;
}

function listed(entries: readonly Entry[] | undefined, key: (name: string) => string): readonly JsonObject[] {
  return (entries ?? []).map(([name, facts]) => ({ [key(name)]: name, ...facts }));
}
