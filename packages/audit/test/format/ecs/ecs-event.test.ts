import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ecsEvent } from '../../../src/format/ecs/ecs-event.ts';
import { ecsProblems, ecsSchema } from '../../support/ecs-schema.ts';
import { allowed, auditRecord, calls, denied, observed, outcome } from '../../support/story.ts';

const record = (fields: object, seq = 1): AuditRecord => auditRecord({ seq, ...fields }) as unknown as AuditRecord;
const event = (fields: object, end?: object): Record<string, unknown> =>
  ecsEvent(record(fields), end && record(end, 2));

describe('the schema that these tests use', () => {
  it('is that of ECS 9.4.0', () => {
    expect(ecsSchema.version).toBe('9.4.0');
    expect(ecsSchema.fields['source.ip']).toEqual({ type: 'ip' });
  });

  it('finds what is wrong with an event', () => {
    const good = event(denied(calls.write, 'bob', 'write-note'));
    expect(ecsProblems(good)).toEqual([]);
    const facts = { ...(good['event'] as object), kind: 'nonsense', type: ['installation'], sequence: 'x' };
    expect(ecsProblems({ ...good, event: facts, nonsense: 1, source: { ip: 'far away' } }).toSorted()).toEqual([
      'api has no event of type installation',
      'event.kind can not be nonsense',
      'event.sequence is no long',
      'source.ip is no ip',
      'there is no field nonsense',
    ]);
  });
});

describe('a call', () => {
  it('and its outcome are one event', () => {
    const one = event(allowed(calls.read, 'alice', 'read-note'), outcome(calls.read));
    expect(ecsProblems(one)).toEqual([]);
    expect(one).toMatchObject({
      '@timestamp': '2026-11-20T21:00:01.000Z',
      message: 'tools/call read-note by alice: allowed, ok',
      ecs: { version: '9.4.0' },
      event: {
        kind: 'event',
        category: ['api'],
        type: ['access', 'allowed'],
        action: 'tools/call',
        code: 'mcp.decision',
        outcome: 'success',
        duration: 3_140_000,
        start: '2026-11-20T21:00:01.000Z',
        end: '2026-11-20T21:00:02.000Z',
      },
      user: { id: 'alice' },
      source: { ip: '192.0.2.7' },
      user_agent: { original: 'notes/1.0' },
      http: { response: { status_code: 200, body: { bytes: 180 } } },
      rule: { name: 'tools.read-note', ruleset: 'sha256:5a11' },
      gen_ai: { operation: { name: 'execute_tool' }, tool: { name: 'read-note' } },
      trace: { id: '0af7651916cd43dd8448eb211c80319c' },
      sallyport: {
        call: calls.read,
        arguments: '{"id":"hmac-sha256:k1:AAAA"}',
        outcome: { status: 'ok', id: record({}, 2).id, sequence: 2 },
      },
    });
  });

  it('and its outcome on their own are two, joined by the call', () => {
    const begun = event(allowed(calls.read, 'alice', 'read-note'));
    const ended = event({ ...outcome(calls.read, 'tool_error'), mcp: { method: 'tools/call' } });
    for (const one of [begun, ended]) expect(ecsProblems(one)).toEqual([]);
    expect(begun).toMatchObject({ event: { type: ['start', 'allowed'], outcome: 'unknown' } });
    expect(ended).toMatchObject({
      message: 'tools/call: tool_error',
      event: { type: ['end'], code: 'mcp.outcome', outcome: 'failure', reason: 'tool_error' },
      sallyport: { call: calls.read, outcome: { status: 'tool_error' } },
    });
  });

  it('that was refused says why', () => {
    const one = event(denied(calls.write, 'bob', 'write-note'));
    expect(one).toMatchObject({
      message: 'tools/call write-note by bob: denied (insufficient_scope: notes:write)',
      event: { type: ['access', 'denied'], outcome: 'failure', reason: 'insufficient_scope: notes:write' },
      http: { response: { status_code: 403 } },
      sallyport: { decision: { reason: 'insufficient_scope', missing_scopes: ['notes:write'] } },
    });
  });

  it('that only observe mode let pass was allowed, and says what enforcing would do', () => {
    const one = event(observed(calls.write, 'bob', 'write-note'), outcome(calls.write));
    expect(ecsProblems(one)).toEqual([]);
    expect(one).toMatchObject({
      event: { type: ['access', 'allowed'], outcome: 'success' },
      sallyport: { decision: { effect: 'deny', enforced: false } },
    });
    expect(one['message']).toContain('would be denied');
  });
});

it('counted refusals keep their count, their network and their time', () => {
  const detail = {
    of: 'auth.failure',
    network: '198.51.100.0/24',
    count: 900,
    firstAt: '2026-11-20T21:00:00.000Z',
    lastAt: '2026-11-20T21:00:01.000Z',
  };
  const one = event({ type: 'audit.aggregated', decision: { effect: 'deny', reason: 'no_token' }, detail });
  expect(ecsProblems(one)).toEqual([]);
  expect(one).toMatchObject({
    event: { category: ['authentication'], outcome: 'failure', start: detail.firstAt, end: detail.lastAt },
    source: { address: '198.51.100.0/24' },
    sallyport: { count: 900 },
  });
  expect(one['source']).not.toHaveProperty('ip');
});

it.each([
  'request.refused',
  'auth.failure',
  'stream.opened',
  'stream.closed',
  'session.created',
  'session.ended',
  'token.revoked',
  'config.loaded',
  'audit.started',
  'audit.stopped',
  'audit.rotated',
  'audit.key_rotated',
  'audit.checkpoint',
  'audit.gap',
  'audit.read',
  'audit.exported',
  'a.type.to.come',
])('%s is an event of the schema', (type) => {
  const one = event({ type, detail: { count: 1 } });
  expect(ecsProblems(one)).toEqual([]);
  expect(one).toMatchObject({ event: { code: type } });
});

it('whatever a record was changed into, its event is one of the schema', () => {
  const types = fc.constantFrom('mcp.decision', 'mcp.outcome', 'auth.failure', 'audit.aggregated', 'audit.gap', '?');
  const any = fc.option(fc.jsonValue(), { nil: undefined });
  const fields = fc.record({
    at: fc.oneof(fc.string(), fc.constant('2026-11-20T21:00:00.000Z')),
    actor: any,
    source: any,
    mcp: any,
    target: any,
    decision: any,
    outcome: any,
    detail: any,
    trace: any,
    revocation: any,
    token: any,
    arguments: any,
  });
  fc.assert(
    fc.property(types, fields, fc.boolean(), (type, rest, ended) => {
      const one = ecsEvent(record({ ...rest, type }), ended ? record({ outcome: rest.detail }, 2) : undefined);
      expect(ecsProblems(JSON.parse(JSON.stringify(one)) as Record<string, unknown>)).toEqual([]);
    }),
  );
});
