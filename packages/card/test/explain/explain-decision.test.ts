import type { McpCall, Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { explainDecision, type Explanation } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';

const card = await accessCard({
  scopes: { a: {}, b: {}, big: {} },
  tools: {
    open: { scopes: [] },
    pay: {
      scopes: ['a'],
      groups: ['dba'],
      roles: ['admin'],
      when: "args.n <= 1 || 'big' in principal.scopes",
      stepUp: ['big'],
      authentication: { acrValues: ['mfa'], maxAgeSeconds: 300 },
    },
    secret: { scopes: ['b'], disclosure: 'hide' },
  },
  resources: { 'x:///{id}': { scopes: ['a'] }, 'x:///{+path}': { scopes: [], when: "call.uri != 'x:///1'" } },
});
const clock = { now: () => 1_000_000, monotonicNs: () => 0n };

function explain(request: McpCall, caller: Principal, args?: McpCall['arguments']): Explanation {
  return explainDecision(card, { principal: caller, call: { ...request, arguments: args }, clock });
}

function shown({ steps }: Explanation): readonly string[] {
  return steps.map(({ check, rule, outcome, detail }) => `${outcome} ${check} ${rule}: ${detail}`);
}

const member = (facts: Partial<Principal>, ...scopes: readonly string[]): Principal =>
  Object.freeze({ ...principalWith(...scopes), ...facts });
const dba = { groups: ['dba'], roles: ['admin'] };
const pay = call('tools/call', 'tool', 'pay');

describe('an explanation', () => {
  it('says of every check that it passed', () => {
    const explanation = explain(pay, member({ ...dba, acr: 'mfa', authTime: 900 }, 'a'), { n: 1 });
    expect(explanation.summary).toBe('allowed');
    expect(shown(explanation)).toEqual([
      'pass method methods.tools/call: request tools/call: follows its target',
      'pass scopes tools.pay: holds a',
      'pass groups tools.pay: has one of the groups dba',
      'pass roles tools.pay: has one of the roles admin',
      "pass when tools.pay: holds: args.n <= 1 || 'big' in principal.scopes",
      'pass authentication tools.pay: signed in with acr mfa, at most 300 seconds ago',
    ]);
  });

  it('stops where something is missing, and says what was not looked at', () => {
    const explanation = explain(pay, principalWith());
    expect(explanation.summary).toBe('needs a');
    expect(shown(explanation).slice(1)).toEqual([
      'fail scopes tools.pay: needs a',
      'skipped groups tools.pay: not looked at',
      'skipped roles tools.pay: not looked at',
      'skipped when tools.pay: not looked at',
      'skipped authentication tools.pay: not looked at',
    ]);
  });

  it.each<[string, Principal, McpCall['arguments'], string]>([
    ['a group', principalWith('a'), { n: 1 }, 'group dba required'],
    ['a role', member({ groups: ['dba'] }, 'a'), { n: 1 }, 'role admin required'],
    ['the condition', member(dba, 'a'), { n: 2 }, "condition not met: args.n <= 1 || 'big' in principal.scopes"],
    ['an argument', member(dba, 'a'), {}, 'condition failed: args.n is missing'],
    ['the sign-in', member(dba, 'a'), { n: 1 }, 'needs a sign-in with acr mfa, at most 300 seconds ago'],
  ])('is summed up by the first that is missing: %s', (_, caller, args, summary) => {
    expect(explain(pay, caller, args).summary).toBe(summary);
  });

  it('names what a caller would not be told of', () => {
    const explanation = explain(call('tools/call', 'tool', 'secret'), principalWith());
    expect(explanation).toMatchObject({ summary: 'needs b', decision: { disclosure: 'hide' } });
  });

  it('says when no rule covers the target, and when there is no such method', () => {
    expect(explain(call('tools/call', 'tool', 'nope'), principalWith()).summary).toBe('no rule for this tool');
    expect(explain(call('admin/x'), principalWith()).summary).toBe('Unknown method.');
    expect(explain(listen('x:///2', 'nope:///1'), principalWith('a')).summary).toBe('no rule for this resource');
    const asNotification = notification(call('tools/call', 'tool', 'open'));
    expect(explain(asNotification, principalWith()).summary).toContain('but not as a notification');
  });

  it('shows every rule of a resource that several templates match', () => {
    const explanation = explain(call('resources/read', 'resource', 'x:///1'), principalWith('a'));
    expect(explanation.summary).toBe("condition not met: call.uri != 'x:///1'");
    expect(shown(explanation).slice(1)).toEqual([
      'pass scopes resources.x:///{+path}: any valid token',
      'pass scopes resources.x:///{id}: holds a',
      "fail when resources.x:///{+path}: condition not met: call.uri != 'x:///1'",
    ]);
  });

  it('of a method without a target says that a valid token is enough', () => {
    expect(shown(explain(call('tools/list'), principalWith()))).toEqual([
      'pass method methods.tools/list: request tools/list: needs only a valid token',
    ]);
  });

  it('decides as the server does when it knows what is registered', () => {
    const registered = { tools: [], resources: [], resourceTemplates: [], prompts: [] };
    const { decision } = explainDecision(card, {
      principal: principalWith(),
      call: call('tools/call', 'tool', 'open'),
      registered,
    });
    expect(decision.reason).toBe('unknown_tool');
  });
});
