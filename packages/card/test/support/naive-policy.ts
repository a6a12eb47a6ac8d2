import type { McpCall, Principal } from '@sallyport/core';
import { call } from './calls.ts';

// A reference that reads the policy object itself, with loops and regular expressions only.

export interface NaiveRule {
  scopes?: string[];
  anyOf?: string[][];
  groups?: readonly string[];
  roles?: readonly string[];
  when?: string;
  disclosure?: 'hide' | 'challenge';
}

export interface NaiveAccess {
  scopes: Record<string, { implies: string[] }>;
  tools: Record<string, NaiveRule>;
  resources: Record<string, NaiveRule>;
  prompts: Record<string, NaiveRule>;
}

/** Whether a condition holds, and `undefined` where CEL has no answer. */
type Truth = boolean | undefined;

interface Facts {
  held: readonly string[];
  caller: Principal;
  args: Record<string, unknown>;
  request: McpCall;
  name: string;
}

/** What a condition on the caller does not look at. */
const nothing = { args: {}, name: '', request: call('tools/list') };

const small = ({ args }: Facts): Truth => (typeof args['n'] === 'number' ? args['n'] <= 10 : undefined);

interface NaiveCondition {
  holds: (facts: Facts) => Truth;
  byCaller?: true;
  /** Only resources have what it looks at. */
  resourcesOnly?: true;
  /** A scope more can make it false. */
  negated?: true;
}

/** Conditions in CEL, and what they mean. */
export const conditions: Record<string, NaiveCondition> = {
  true: { holds: () => true, byCaller: true },
  false: { holds: () => false, byCaller: true },
  "'s1' in principal.scopes": { holds: ({ held }) => held.includes('s1'), byCaller: true },
  "!('s1' in principal.scopes)": { holds: ({ held }) => !held.includes('s1'), byCaller: true, negated: true },
  "'g0' in principal.groups": { holds: ({ caller }) => caller.groups.includes('g0'), byCaller: true },
  "principal.roles.exists(r, r.startsWith('r'))": {
    holds: ({ caller }) => caller.roles.some((role) => role.startsWith('r')),
    byCaller: true,
  },
  "principal.acr == 'high'": {
    holds: ({ caller }) => (caller.acr === null ? undefined : caller.acr === 'high'),
    byCaller: true,
  },
  "has(principal.tenant) && principal.tenant == 'acme'": {
    holds: ({ caller }) => caller.tenant === 'acme',
    byCaller: true,
  },
  'args.n <= 10': { holds: small },
  "args.n <= 10 || 's2' in principal.scopes": { holds: (facts) => either(small(facts), facts.held.includes('s2')) },
  'has(args.n) && args.n > 10.5': {
    holds: ({ args }) => both(Object.hasOwn(args, 'n'), typeof args['n'] === 'number' ? args['n'] > 10.5 : undefined),
  },
  'args.list.all(x, x > 0)': {
    // Of a map the keys are looked at, and all of none are anything.
    holds: ({ args: { list } }) =>
      typeof list === 'object' && list !== null
        ? (Array.isArray(list) ? list : Object.keys(list)).map(isPositive).reduce(both, true)
        : undefined,
  },
  "call.method == 'resources/read' || call.name == 't0'": {
    holds: ({ request, name }) => request.method === 'resources/read' || name === 't0',
  },
  "call.uri.startsWith('note:///a')": { holds: ({ name }) => name.startsWith('note:///a'), resourcesOnly: true },
};

function isPositive(x: unknown): Truth {
  return typeof x === 'number' ? x > 0 : undefined;
}

function either(one: Truth, other: Truth): Truth {
  if (one === true || other === true) return true;
  return one === undefined || other === undefined ? undefined : false;
}

function both(one: Truth, other: Truth): Truth {
  if (one === false || other === false) return false;
  return one === undefined || other === undefined ? undefined : true;
}

const simple = String.raw`(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})+`;

export const templates: Record<string, RegExp> = {
  'note:///{id}': new RegExp(`^note:///${simple}$`),
  'note:///{id}/x': new RegExp(`^note:///${simple}/x$`),
  'note:///{+path}': new RegExp(String.raw`^note:///(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$`),
  'note:///a{?q}': new RegExp(`^note:///a\\?q=${simple}$`),
};

/** What a call must be answered: the effect and, where it is not a refusal that says nothing, the reason. */
export function naiveDecision(policy: NaiveAccess, caller: Principal, request: McpCall): [string, string | undefined] {
  if (request.method.startsWith('notifications/'))
    return request.kind === 'request' ? ['deny', 'unknown_method'] : ['allow', undefined];
  const outcome = ofRequest(policy, caller, request);
  return outcome[0] === 'allow' && request.kind === 'notification' ? ['deny', 'notification_refused'] : outcome;
}

function ofRequest(policy: NaiveAccess, caller: Principal, request: McpCall): [string, string | undefined] {
  const { method, target, targets } = request;
  if (method === 'tools/list') return ['allow', undefined];
  if (method === 'tasks/get') return ['deny', 'unseen'];
  if (method === 'admin/x') return ['deny', 'unknown_method'];
  const wanted = method === 'subscriptions/listen' ? targets : target === null ? [] : [target];
  const found = wanted.map(({ kind, name }) =>
    rulesOf(policy, kind, name, method === 'completion/complete').map((rule) => ({ rule, name })),
  );
  if (found.some((list) => list.length === 0)) return ['deny', 'unseen'];
  const lacking = found.flat().filter(({ rule }) => !holdsScopes(policy, caller, rule));
  if (lacking.some(({ rule }) => rule.disclosure === 'hide')) return ['deny', 'unseen'];
  if (lacking.length > 0) return ['deny', 'insufficient_scope'];
  const held = heldBy(policy, caller);
  const args = request.arguments ?? {};
  if (found.flat().some(({ rule }) => rule.disclosure === 'hide' && !meetsByCaller(policy, caller, rule)))
    return ['deny', 'unseen'];
  const fails = found
    .flat()
    .some(({ rule, name }) => !belongs(caller, rule) || !meets(rule, { held, caller, args, request, name }));
  return fails ? ['deny', 'condition'] : ['allow', undefined];
}

/** Whether a list shows a target. */
export function naivelySeen(policy: NaiveAccess, caller: Principal, kind: string, name: string): boolean {
  const rules = rulesOf(policy, kind, name, false);
  const seen = (rule: NaiveRule): boolean => holdsScopes(policy, caller, rule) && meetsByCaller(policy, caller, rule);
  return rules.length > 0 && rules.every(seen);
}

function meetsByCaller(policy: NaiveAccess, caller: Principal, rule: NaiveRule): boolean {
  const isByCaller = conditions[rule.when ?? 'true']?.byCaller === true;
  const held = heldBy(policy, caller);
  return belongs(caller, rule) && (!isByCaller || meets(rule, { ...nothing, held, caller }));
}

function rulesOf(policy: NaiveAccess, kind: string, name: string, byKey: boolean): NaiveRule[] {
  const part = kind === 'tool' ? policy.tools : kind === 'prompt' ? policy.prompts : policy.resources;
  const own = Object.hasOwn(part, name) ? part[name] : undefined;
  if (own !== undefined && (kind !== 'resource' || byKey || !name.includes('{'))) return [own];
  if (kind !== 'resource') return [];
  if (!URL.canParse(name) || new URL(name).href !== name) return [];
  if (decodeURIComponent(name).split(/[/?#]/).includes('..')) return [];
  return Object.entries(policy.resources)
    .filter(([key]) => templates[key]?.test(name))
    .map(([, value]) => value);
}

function heldBy(policy: NaiveAccess, caller: Principal): string[] {
  const held = caller.scopes.filter((scope) => Object.hasOwn(policy.scopes, scope));
  for (const scope of held) held.push(...(policy.scopes[scope]?.implies ?? []));
  return held;
}

function holdsScopes(policy: NaiveAccess, caller: Principal, rule: NaiveRule): boolean {
  const held = heldBy(policy, caller);
  const holds = (list: readonly string[]): boolean => list.every((scope) => held.includes(scope));
  return holds(rule.scopes ?? []) && (rule.anyOf === undefined || rule.anyOf.some(holds));
}

function belongs(caller: Principal, { groups = caller.groups, roles = caller.roles }: NaiveRule): boolean {
  const oneOf = (names: readonly string[], has: readonly string[]): boolean =>
    names === has || names.some((name) => has.includes(name));
  return oneOf(groups, caller.groups) && oneOf(roles, caller.roles);
}

function meets({ when = 'true' }: NaiveRule, facts: Facts): boolean {
  return conditions[when]?.holds(facts) === true;
}
