import type { AuditRecord, Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, createReplayer, type Replayed } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';
import { recordedDecision, type RecordedDecisionOptions } from '../support/recorded-decision.ts';

const scopes = { 'notes:read': {}, 'notes:write': {}, 'notes:admin': { implies: ['notes:write'] } };
const before = { scopes, tools: { t: { scopes: ['notes:read'] } } };

interface Case extends RecordedDecisionOptions {
  readonly args?: Record<string, never> | object;
  readonly caller?: Principal;
  /** The policy that decided first. */
  readonly first?: object;
}

/** What a changed rule of a tool says of a call from its record. */
async function replayed(rule: object | undefined, options: Case = {}): Promise<string> {
  const { args, caller = principalWith('notes:read'), first = before } = options;
  const request = { ...call('tools/call', 'tool', 't'), arguments: args as never };
  const decision = createAuthorizer(await accessCard(first)).decide(caller, request);
  const tools = rule === undefined ? {} : { t: rule };
  return tell(recordedDecision(decision, caller, request, options), { scopes, tools });
}

async function tell(record: AuditRecord, access: object): Promise<string> {
  return told(createReplayer(await accessCard(access)).replay(record));
}

function told(result: Replayed): string {
  if (result.kind === 'decided') {
    const { effect, reason } = result.decision;
    return `${effect}${reason === undefined ? '' : ` ${reason}`}${result.exact ? '' : ', or for another reason'}`;
  }
  return result.kind === 'unknown' ? `unknown: ${[...result.missing].toSorted().join(' ')}` : result.kind;
}

describe('deciding a recorded call again', () => {
  it('needs no arguments where the policy asks for none', async () => {
    expect(await replayed({ scopes: ['notes:read'] }, { args: { id: '1' } })).toBe('allow');
    expect(await replayed({ scopes: ['notes:write'] }, { args: { id: '1' } })).toBe('deny insufficient_scope');
    expect(await replayed(undefined, { args: { id: '1' } })).toBe('deny tool_not_in_card');
  });

  it('does not need the arguments when the scopes are not enough anyway', async () => {
    const rule = { scopes: ['notes:write'], when: 'args.amount <= 10' };
    expect(await replayed(rule, { args: { amount: 5 } })).toBe('deny insufficient_scope');
  });

  it('is not possible when a condition depends on an argument that is a hash', async () => {
    const rule = { scopes: ['notes:read'], when: 'args.amount <= 10' };
    expect(await replayed(rule, { args: { amount: 5 } })).toBe('unknown: arguments');
    expect(await replayed(rule, { args: { amount: 5 }, level: 'request' })).toBe('allow');
    expect(await replayed(rule, { args: { amount: 50 }, level: 'request' })).toBe('deny condition');
    expect(await replayed(rule, { args: { amount: 5 }, level: 'request', sensitive: ['/amount'] })).toBe(
      'unknown: arguments',
    );
  });

  it('is possible when the condition holds or fails whatever the argument is', async () => {
    const asked = (when: string): Promise<string> =>
      replayed({ scopes: ['notes:read'], when }, { args: { amount: 5 } });
    expect(await asked("args.amount <= 10 || 'notes:read' in principal.scopes")).toBe('allow');
    expect(await asked("'notes:read' in principal.scopes || args.amount <= 10")).toBe('allow');
    expect(await asked("args.amount <= 10 && 'notes:admin' in principal.scopes")).toBe('deny condition');
    expect(await asked("'notes:read' in principal.scopes ? call.name == 't' : args.amount <= 10")).toBe('allow');
    expect(await asked("args.amount <= 10 ? true : 'notes:read' in principal.scopes")).toBe('unknown: arguments');
    expect(await asked('!(args.amount <= 10)')).toBe('unknown: arguments');
  });

  it('knows from hashes which arguments there are, and how many', async () => {
    const asked = (when: string): Promise<string> =>
      replayed({ scopes: ['notes:read'], when }, { args: { amount: 5, rows: [1, 2] } });
    expect(await asked('has(args.limit)')).toBe('deny condition');
    expect(await asked('has(args.amount)')).toBe('allow');
    expect(await asked("'amount' in args")).toBe('allow');
    expect(await asked('size(args.rows) <= 2')).toBe('allow');
    expect(await asked('args.rows.size() > 2')).toBe('deny condition');
    expect(await asked('args.limit <= 10')).toBe('deny condition');
    expect(await asked('args.rows.all(r, r < 10)')).toBe('unknown: arguments');
  });

  it('is not possible where groups, roles or the sign-in decide: no record holds them', async () => {
    expect(await replayed({ scopes: ['notes:read'], groups: ['dba'] })).toBe('unknown: groups');
    expect(await replayed({ scopes: ['notes:read'], roles: ['admin'] })).toBe('unknown: roles');
    expect(await replayed({ scopes: ['notes:read'], when: "'dba' in principal.groups" })).toBe('unknown: groups');
    expect(await replayed({ scopes: ['notes:read'], authentication: { acrValues: ['high'] } })).toBe('unknown: acr');
    expect(await replayed({ scopes: ['notes:read'], authentication: { maxAgeSeconds: 300 } })).toBe(
      'unknown: authTime',
    );
    expect(await replayed({ scopes: ['notes:write'], groups: ['dba'], authentication: { maxAgeSeconds: 300 } })).toBe(
      'deny insufficient_scope',
    );
    expect(await replayed({ scopes: [], groups: ['dba'], when: 'false' })).toBe(
      'deny condition, or for another reason',
    );
  });

  it('takes from a denial what it says of groups, of the condition and of the sign-in', async () => {
    const group = { scopes, tools: { t: { scopes: ['notes:read'], groups: ['dba'] } } };
    expect(await replayed({ scopes: [], groups: ['dba'] }, { first: group })).toBe('deny condition');
    expect(await replayed({ scopes: [], groups: ['ops'] }, { first: group })).toBe('unknown: groups');
    const when = { scopes, tools: { t: { scopes: ['notes:read'], when: 'args.amount <= 10' } } };
    expect(await replayed({ scopes: [], when: 'args.amount <= 10' }, { first: when, args: { amount: 11 } })).toBe(
      'deny condition',
    );
    expect(await replayed({ scopes: [], when: 'args.amount <= 12' }, { first: when, args: { amount: 11 } })).toBe(
      'unknown: arguments',
    );
    const atMs = 1_790_000_000_000;
    const signedIn = (ago: number): Principal =>
      Object.freeze({ ...principalWith('notes:read'), acr: 'low', authTime: atMs / 1000 - ago });
    const fresh = { scopes, tools: { t: { scopes: ['notes:read'], authentication: { maxAgeSeconds: 1 } } } };
    const asked = (authentication: object, ago: number): Promise<string> =>
      replayed({ scopes: [], authentication }, { first: fresh, caller: signedIn(ago), atMs });
    expect(await asked({ maxAgeSeconds: 600 }, 500)).toBe('allow');
    expect(await asked({ maxAgeSeconds: 300 }, 500)).toBe('deny step_up_required');
    // The record may have been written up to a minute after the decision.
    expect(await asked({ maxAgeSeconds: 490 }, 500)).toBe('unknown: authTime');
    expect(await asked({ acrValues: ['low'] }, 500)).toBe('allow');
    expect(await asked({ acrValues: ['high'], maxAgeSeconds: 490 }, 500)).toBe('deny step_up_required');
  });

  it('gives the first answer again where something is missing, but the policy is the same', async () => {
    const same = { scopes, tools: { t: { scopes: ['notes:read'], when: 'args.amount <= 10' } } };
    expect(await replayed(same.tools.t, { first: same, args: { amount: 11 } })).toBe('deny condition');
    expect(await replayed(same.tools.t, { first: same, args: { amount: 10 } })).toBe('same_policy');
  });

  it('does not take pseudonyms for subjects', async () => {
    const rule = { scopes: [], when: "principal.subject == 'user-1'" };
    expect(await replayed(rule)).toBe('allow');
    expect(await replayed(rule, { pseudonymize: true })).toBe('unknown: subject');
  });

  it('does not allow what the server did not have, and denies it where the policy does', async () => {
    const unheard = createAuthorizer(await accessCard(before), {
      registered: { tools: [], prompts: [], resources: [], resourceTemplates: [] },
    });
    const caller = principalWith('notes:read');
    const request = call('tools/call', 'tool', 't');
    const record = recordedDecision(unheard.decide(caller, request), caller, request);
    const again = async (tools: object): Promise<string> =>
      told(createReplayer(await accessCard({ scopes, tools })).replay(record));
    expect(await again({ t: { scopes: [] } })).toBe('unknown: registered');
    expect(await again({ t: { scopes: ['notes:write'] } })).toBe('deny insufficient_scope');
    expect(await again({})).toBe('deny tool_not_in_card');
  });

  it('can not tell the resources of a subscription that names several, or none', async () => {
    const card = await accessCard({ scopes, resources: { 'note:///{id}': { scopes: ['notes:read'] } } });
    const caller = principalWith();
    const again = async (request: ReturnType<typeof listen>): Promise<string> => {
      const decision = createAuthorizer(await accessCard(before)).decide(caller, request);
      return told(createReplayer(card).replay(recordedDecision(decision, caller, request)));
    };
    const single = { ...listen('note:///1'), target: { kind: 'resource', name: 'note:///1' } } as const;
    expect(await again(single)).toBe('deny insufficient_scope');
    expect(await again(listen('note:///1', 'note:///2'))).toBe('unknown: targets');
    expect(await again(listen())).toBe('unknown: targets');
  });

  it('can not tell a name that is not recorded in full, unless no rule could have it', async () => {
    const long = 'x'.repeat(600);
    const caller = principalWith('notes:read');
    const again = async (kind: 'tool' | 'resource', access: object): Promise<string> => {
      const request =
        kind === 'tool' ? call('tools/call', 'tool', long) : call('resources/read', 'resource', `note:///${long}`);
      const decision = createAuthorizer(await accessCard(before)).decide(caller, request);
      return tell(recordedDecision(decision, caller, request), access);
    };
    expect(await again('tool', before)).toBe('deny tool_not_in_card');
    expect(await again('tool', { scopes, tools: { [long]: { scopes: [] } } })).toBe('unknown: target');
    const resources = { 'note:///{id}': { scopes: ['notes:read'] } };
    expect(await again('resource', { scopes, resources })).toBe('unknown: target');
  });

  it('leaves out what no card decides', async () => {
    const caller = principalWith();
    const request = call('tools/list');
    const { actor: _, ...record } = recordedDecision(
      createAuthorizer(await accessCard(before)).decide(caller, request),
      caller,
      request,
    );
    const ofRule = (rule: string): AuditRecord => ({ ...record, decision: { effect: 'allow', rule } });
    expect(await tell(ofRule('publicMethods.tools/list'), before)).toBe('no_policy');
    expect(await tell(ofRule('session.owner'), before)).toBe('no_policy');
    expect(await tell(ofRule('tools.t'), before)).toBe('unknown: record');
  });

  it('tells notifications from requests', async () => {
    const caller = principalWith('notes:read');
    for (const [request, expected] of [
      [notification(call('notifications/cancelled')), 'allow'],
      [notification(call(`notifications/${'about this '.repeat(60)}`)), 'allow'],
      [notification(call('tools/call', 'tool', 't')), 'deny notification_refused'],
      [notification(call('x'.repeat(600))), 'unknown: method'],
      [call('x'.repeat(600)), 'deny unknown_method'],
    ] as const) {
      const decision = createAuthorizer(await accessCard(before)).decide(caller, request);
      expect(await tell(recordedDecision(decision, caller, request), { scopes, tools: { t: { scopes: [] } } })).toBe(
        expected,
      );
    }
  });

  it('never throws, whatever somebody wrote into a record', async () => {
    const replayer = createReplayer(await accessCard(before));
    const caller = principalWith('notes:read');
    const request = call('tools/call', 'tool', 't');
    const record = recordedDecision(
      createAuthorizer(await accessCard(before)).decide(caller, request),
      caller,
      request,
    );
    for (const key of ['actor', 'token', 'mcp', 'target', 'decision', 'arguments', 'redaction', 'detail', 'at']) {
      for (const value of [null, 5, 'x', [], {}, { scopes: 'x', iss: 1, act: {}, name: [], kind: 'tool' }]) {
        const { kind } = replayer.replay({ ...record, [key]: value });
        expect(['decided', 'unknown', 'same_policy', 'no_policy']).toContain(kind);
      }
    }
  });
});
