import type { McpCall, Principal } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';

// The reference reads the policy object itself, with loops and regular expressions only.

interface Rule {
  scopes?: string[];
  anyOf?: string[][];
  when?: string;
  disclosure?: 'hide' | 'challenge';
}
interface Access {
  scopes: Record<string, { implies: string[] }>;
  tools: Record<string, Rule>;
  resources: Record<string, Rule>;
  prompts: Record<string, Rule>;
}

const scopeNames = ['s0', 's1', 's2', 's3', 's4'];
const names = ['t0', 't1', '__proto__', 'constructor', 'valueOf'];
const simple = String.raw`(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})+`;
const templates: Record<string, RegExp> = {
  'note:///{id}': new RegExp(`^note:///${simple}$`),
  'note:///{id}/x': new RegExp(`^note:///${simple}/x$`),
  'note:///{+path}': new RegExp(String.raw`^note:///(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$`),
  'note:///a{?q}': new RegExp(`^note:///a\\?q=${simple}$`),
};
const literals = ['note:///a', 'note:///a/x', 'cfg:///b'];
const uris = [
  ...literals,
  ...Object.keys(templates),
  'note:///b',
  'note:///b/x',
  'note:///a?q=1',
  'note:///a/../b',
  'note:///..',
  'NOTE:///a',
  'cfg:///c',
  'note:///%2e%2e',
  'note:///..%2fb',
  '',
];

const scopeList = fc.uniqueArray(fc.constantFrom(...scopeNames), { maxLength: 3 });
const rule: fc.Arbitrary<Rule> = fc
  .record(
    {
      scopes: scopeList,
      anyOf: fc.array(fc.uniqueArray(fc.constantFrom(...scopeNames), { minLength: 1, maxLength: 2 }), {
        minLength: 1,
        maxLength: 3,
      }),
      when: fc.constant('true'),
      disclosure: fc.constantFrom('hide' as const, 'challenge' as const),
    },
    { requiredKeys: [] },
  )
  .map((parts) => ((parts.scopes ?? parts.anyOf) ? parts : { ...parts, scopes: [] }));

const access: fc.Arbitrary<Access> = fc.record({
  // A scope implies only later ones: no cycles.
  scopes: fc
    .tuple(
      ...scopeNames.map((_, i) => fc.uniqueArray(fc.constantFrom(...scopeNames.slice(i + 1), 's4'), { maxLength: 2 })),
    )
    .map((lists) =>
      Object.fromEntries(
        scopeNames.map((name, i) => [name, { implies: (lists[i] ?? []).filter((other) => other > name) }]),
      ),
    ),
  tools: rules(names),
  resources: rules([...literals, ...Object.keys(templates)]),
  prompts: rules(names),
});

const message: fc.Arbitrary<McpCall> = fc
  .oneof(
    fc.constantFrom(...names, 'nope').map((name) => call('tools/call', 'tool', name)),
    fc.constantFrom(...names, 'nope').map((name) => call('prompts/get', 'prompt', name)),
    fc.constantFrom(...uris).map((uri) => call('resources/read', 'resource', uri)),
    fc.constantFrom(...uris).map((uri) => call('completion/complete', 'resource', uri)),
    fc.array(fc.constantFrom(...uris), { maxLength: 3 }).map((list) => listen(...list)),
    fc.constantFrom('tools/list', 'tasks/get', 'admin/x', 'notifications/x').map((method) => call(method)),
  )
  .chain((request) => fc.boolean().map((isRequest) => (isRequest ? request : notification(request))));

const principal: fc.Arbitrary<Principal> = fc
  .uniqueArray(fc.constantFrom(...scopeNames, 'other'))
  .map((scopes) => principalWith(...scopes));

describe('every decision', () => {
  it('is the one of a naive reading of the policy', async () => {
    await fc.assert(
      fc.asyncProperty(
        access,
        fc.array(fc.tuple(principal, message), { minLength: 1, maxLength: 20 }),
        async (policy, cases) => {
          const authorizer = createAuthorizer(await accessCard(policy));
          for (const [caller, request] of cases) {
            const decision = authorizer.decide(caller, request);
            expect([decision.effect, decision.disclosure === 'hide' ? 'unseen' : decision.reason]).toEqual(
              naive(policy, caller, request),
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never allows more when a scope is taken away', async () => {
    await fc.assert(
      fc.asyncProperty(access, principal, message, fc.nat(), async (policy, caller, request, index) => {
        const authorizer = createAuthorizer(await accessCard(policy));
        const fewer = principalWith(...caller.scopes.filter((_, i) => i !== index % Math.max(1, caller.scopes.length)));
        if (authorizer.decide(fewer, request).effect === 'allow')
          expect(authorizer.decide(caller, request).effect).toBe('allow');
      }),
      { numRuns: 200 },
    );
  });

  it('allows with the scopes that the challenge names, unless a condition stands in the way', async () => {
    await fc.assert(
      fc.asyncProperty(access, principal, message, async (policy, caller, request) => {
        const authorizer = createAuthorizer(await accessCard(policy));
        const { challengeScopes, missingScopes, disclosure, reason } = authorizer.decide(caller, request);
        if (reason !== 'insufficient_scope') return;
        if (disclosure === 'hide') {
          expect(challengeScopes).toEqual([]);
          return;
        }
        expect(challengeScopes).toEqual(expect.arrayContaining([...missingScopes]));
        const steppedUp = authorizer.decide(principalWith(...caller.scopes, ...challengeScopes), request);
        expect(steppedUp.reason ?? 'allow').toMatch(/^(?:allow|condition|notification_refused)$/);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order of keys', async () => {
    await fc.assert(
      fc.asyncProperty(access, principal, message, async (policy, caller, request) => {
        const card = await accessCard(policy);
        const turned = await accessCard(reversed(policy));
        expect(turned.policy).toBe(card.policy);
        expect(createAuthorizer(turned).decide(caller, request)).toEqual(
          createAuthorizer(card).decide(caller, request),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is made without throwing, whatever method, name and scopes are', async () => {
    const card = await accessCard({
      scopes: { s0: {} },
      tools: { t0: { scopes: ['s0'] } },
      resources: { 'note:///{+path}': { scopes: [] }, 'note:///a{/x*}{?q,r}': { scopes: ['s0'] } },
    });
    const authorizer = createAuthorizer(card);
    const informed = createAuthorizer(card, {
      registered: { tools: [], resources: ['', 'x'], resourceTemplates: ['{', 'a{b:1}'], prompts: [] },
    });
    const method = fc.oneof(
      fc.constantFrom('tools/call', 'resources/read', 'completion/complete', 'prompts/get', 'subscriptions/listen'),
      fc.string(),
    );
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.string().map((text) => `note:///${text}`),
      fc.string().map((text) => `note:///a/${text}?q=${text}`),
    );
    fc.assert(
      fc.property(
        method,
        fc.constantFrom('tool', 'resource', 'prompt', 'task'),
        name,
        fc.array(fc.string()),
        (verb, kind, text, scopes) => {
          for (const decider of [authorizer, informed]) {
            for (const request of [call(verb, kind, text), listen(text, text), notification(call(verb, kind, text))]) {
              const decision = decider.decide(principalWith(...scopes), request);
              expect(decision.effect === 'allow' ? decision.reason : 'allow').toBe(
                decision.effect === 'allow' ? undefined : 'allow',
              );
              expect(Object.isFrozen(decision)).toBe(true);
            }
            expect(typeof decider.sees(principalWith(...scopes), { kind, name: text }, text.includes('{'))).toBe(
              'boolean',
            );
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('agrees with the lists: what is seen is allowed or has a condition, what is not seen is denied', async () => {
    await fc.assert(
      fc.asyncProperty(access, principal, async (policy, caller) => {
        const authorizer = createAuthorizer(await accessCard(policy));
        for (const name of names) {
          const { effect, reason } = authorizer.decide(caller, call('tools/call', 'tool', name));
          expect(authorizer.sees(caller, { kind: 'tool', name })).toBe(effect === 'allow' || reason === 'condition');
        }
        for (const name of uris) {
          const { effect, reason } = authorizer.decide(caller, call('resources/read', 'resource', name));
          expect(authorizer.sees(caller, { kind: 'resource', name })).toBe(
            effect === 'allow' || reason === 'condition',
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});

function rules(keys: readonly string[]): fc.Arbitrary<Record<string, Rule>> {
  const entries = fc.tuple(...keys.map((key) => fc.option(fc.tuple(fc.constant(key), rule))));
  // fromEntries defines own members, so that __proto__ is one.
  return entries.map((list) => Object.fromEntries(list.filter((entry) => entry !== null)));
}

function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  ) as T;
}

function naive(policy: Access, caller: Principal, request: McpCall): [string, string | undefined] {
  if (request.method.startsWith('notifications/'))
    return request.kind === 'request' ? ['deny', 'unknown_method'] : ['allow', undefined];
  const outcome = naiveRequest(policy, caller, request);
  return outcome[0] === 'allow' && request.kind === 'notification' ? ['deny', 'notification_refused'] : outcome;
}

function naiveRequest(
  policy: Access,
  caller: Principal,
  { method, target, targets }: McpCall,
): [string, string | undefined] {
  if (method === 'tools/list') return ['allow', undefined];
  if (method === 'tasks/get') return ['deny', 'unseen'];
  if (method === 'admin/x') return ['deny', 'unknown_method'];
  const wanted = method === 'subscriptions/listen' ? targets : target === null ? [] : [target];
  const found = wanted.map(({ kind, name }) => naiveRules(policy, kind, name, method === 'completion/complete'));
  const lacking = found.map((list) => list.filter((candidate) => !naiveHolds(policy, caller, candidate)));
  if (found.some((list) => list.length === 0)) return ['deny', 'unseen'];
  if (lacking.flat().some(({ disclosure }) => disclosure === 'hide')) return ['deny', 'unseen'];
  if (lacking.flat().length > 0) return ['deny', 'insufficient_scope'];
  return found.flat().some(({ when }) => when !== undefined) ? ['deny', 'condition'] : ['allow', undefined];
}

function naiveRules(policy: Access, kind: string, name: string, byKey: boolean): Rule[] {
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

function naiveHolds(policy: Access, caller: Principal, candidate: Rule): boolean {
  const held = [...caller.scopes];
  for (const scope of held) held.push(...(policy.scopes[scope]?.implies ?? []));
  const holds = (list: readonly string[]): boolean => list.every((scope) => held.includes(scope));
  return holds(candidate.scopes ?? []) && (candidate.anyOf === undefined || candidate.anyOf.some(holds));
}
