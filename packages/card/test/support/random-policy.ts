import type { JsonValue, McpCall, Principal } from '@sallyport/core';
import fc from 'fast-check';
import { call, listen, notification, principalWith } from './calls.ts';
import { conditions, templates, type NaiveAccess, type NaiveRule } from './naive-policy.ts';

const scopeNames = ['s0', 's1', 's2', 's3', 's4'];

/** Names of tools and prompts, some of them of a kind that a prototype has. */
export const names = ['t0', 't1', '__proto__', 'constructor', 'valueOf'];

const literals = ['note:///a', 'note:///a/x', 'cfg:///b'];

export const uris = [
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

function when(withUri: boolean, monotone: boolean): fc.Arbitrary<string> {
  const usable = Object.entries(conditions).filter(
    ([, { resourcesOnly, negated }]) => (withUri || !resourcesOnly) && !(monotone && negated),
  );
  return fc.constantFrom(...usable.map(([expression]) => expression));
}

function ruleWith(condition: fc.Arbitrary<string>): fc.Arbitrary<NaiveRule> {
  return fc
    .record(
      {
        scopes: scopeList,
        anyOf: fc.array(fc.uniqueArray(fc.constantFrom(...scopeNames), { minLength: 1, maxLength: 2 }), {
          minLength: 1,
          maxLength: 3,
        }),
        groups: fc.uniqueArray(fc.constantFrom('g0', 'g1'), { minLength: 1 }),
        roles: fc.uniqueArray(fc.constantFrom('r0', 'r1'), { minLength: 1 }),
        when: condition,
        disclosure: fc.constantFrom('hide' as const, 'challenge' as const),
      },
      { requiredKeys: [] },
    )
    .map((parts) => ((parts.scopes ?? parts.anyOf) ? parts : { ...parts, scopes: [] }));
}

function rules(keys: readonly string[], rule: fc.Arbitrary<NaiveRule>): fc.Arbitrary<Record<string, NaiveRule>> {
  const entries = fc.tuple(...keys.map((key) => fc.option(fc.tuple(fc.constant(key), rule))));
  // fromEntries defines own members, so that __proto__ is one.
  return entries.map((list) => Object.fromEntries(list.filter((entry) => entry !== null)));
}

function accessWith(monotone: boolean): fc.Arbitrary<NaiveAccess> {
  const named = ruleWith(when(false, monotone));
  return fc.record({
    // A scope implies only later ones: no cycles.
    scopes: fc
      .tuple(
        ...scopeNames.map((_, i) =>
          fc.uniqueArray(fc.constantFrom(...scopeNames.slice(i + 1), 's4'), { maxLength: 2 }),
        ),
      )
      .map((lists) =>
        Object.fromEntries(
          scopeNames.map((name, i) => [name, { implies: (lists[i] ?? []).filter((other) => other > name) }]),
        ),
      ),
    tools: rules(names, named),
    resources: rules([...literals, ...Object.keys(templates)], ruleWith(when(true, monotone))),
    prompts: rules(names, named),
  });
}

/** Any policy. */
export const access: fc.Arbitrary<NaiveAccess> = accessWith(false);

/** A policy in which no condition asks that a scope is missing. */
export const monotoneAccess: fc.Arbitrary<NaiveAccess> = accessWith(true);

const value = fc.oneof(
  fc.constantFrom<JsonValue>(5, 10, 10.5, 11, -1, 1e308, '5', null, true),
  fc.array(fc.constantFrom<JsonValue>(1, 2, -1, 'x'), { maxLength: 3 }),
  fc.object({ maxDepth: 1 }).map((object) => JSON.parse(JSON.stringify(object)) as JsonValue),
);

/** Arguments as a caller may send them, some with the names of a prototype. */
const callArguments: fc.Arbitrary<Record<string, JsonValue>> = fc
  .array(fc.tuple(fc.constantFrom('n', 'list', 'm', '__proto__', 'constructor', '$typeName'), value), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

/** Any call of a client. */
export const message: fc.Arbitrary<McpCall> = fc
  .oneof(
    fc.constantFrom(...names, 'nope').map((name) => call('tools/call', 'tool', name)),
    fc.constantFrom(...names, 'nope').map((name) => call('prompts/get', 'prompt', name)),
    fc.constantFrom(...uris).map((uri) => call('resources/read', 'resource', uri)),
    fc.constantFrom(...uris).map((uri) => call('completion/complete', 'resource', uri)),
    fc.array(fc.constantFrom(...uris), { maxLength: 3 }).map((list) => listen(...list)),
    fc.constantFrom('tools/list', 'tasks/get', 'admin/x', 'notifications/x').map((method) => call(method)),
  )
  .chain((request) =>
    fc.tuple(fc.boolean(), fc.option(callArguments)).map(([isRequest, args]) => {
      const takesArguments = request.method === 'tools/call' || request.method === 'prompts/get';
      const sent = { ...request, arguments: takesArguments && args !== null ? args : undefined };
      return isRequest ? sent : notification(sent);
    }),
  );

/** Any caller. */
export const principal: fc.Arbitrary<Principal> = fc
  .record({
    scopes: fc.uniqueArray(fc.constantFrom(...scopeNames, 'other')),
    groups: fc.subarray(['g0', 'g1', 'g2']),
    roles: fc.subarray(['r0', 'r1', 'x']),
    acr: fc.constantFrom('high', 'low', null),
    tenant: fc.constantFrom('acme', null),
  })
  .map(({ scopes, ...facts }) => Object.freeze({ ...principalWith(...scopes), ...facts }));
