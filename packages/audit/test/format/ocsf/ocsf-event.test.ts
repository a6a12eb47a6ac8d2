import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ocsfEvent } from '../../../src/format/ocsf/ocsf-event.ts';
import { allowed, auditRecord, calls, denied, outcome } from '../../support/story.ts';
import { ocsfProblems, ocsfSchema } from '../../support/ocsf-schema.ts';

const record = (fields: object, seq = 1): AuditRecord => auditRecord({ seq, ...fields }) as unknown as AuditRecord;
const event = (fields: object, end?: object): Record<string, unknown> =>
  ocsfEvent(record(fields), end && record(end, 2));

describe('the schema that these tests use', () => {
  it('is that of OCSF 1.8.0, with the classes that are used', () => {
    expect(ocsfSchema.version).toBe('1.8.0');
    expect(ocsfSchema.classes).toMatchObject({
      6003: { name: 'api_activity', category_uid: 6 },
      3002: { name: 'authentication', category_uid: 3 },
      0: { name: 'base_event', category_uid: 0 },
    });
  });

  it('finds what is wrong with an event', () => {
    const good = event(denied(calls.write, 'bob', 'write-note'));
    expect(ocsfProblems(good)).toEqual([]);
    const bad = { ...good, api: undefined, nonsense: 1, severity_id: 77, time: 'now', type_uid: 1 };
    expect(ocsfProblems(bad).toSorted()).toEqual([
      'event has no attribute nonsense',
      'event.api is no object',
      'event.severity_id is none of its values: 77',
      'event.time is no integer',
      'type_uid is not 600399',
    ]);
  });
});

describe('a call', () => {
  it('and its outcome are one API Activity event', () => {
    const one = event(allowed(calls.read, 'alice', 'read-note'), outcome(calls.read));
    expect(ocsfProblems(one)).toEqual([]);
    expect(one).toMatchObject({
      class_uid: 6003,
      activity_id: 99,
      type_uid: 600399,
      status: 'Success',
      action: 'Allowed',
      duration: 3,
      actor: { user: { uid: 'alice' }, app_uid: 'notes-app', authorizations: [{ decision: 'allow' }] },
      api: { operation: 'tools/call', response: { code: 200 } },
      resources: [{ name: 'read-note', type: 'tool' }],
      metadata: { uid: record({}).id, sequence: 1, correlation_uid: calls.read },
      unmapped: { outcome: 'ok', outcome_sequence: 2 },
    });
  });

  it('that failed, was refused or has not ended says so', () => {
    const failed = event(allowed(calls.read, 'alice', 'read-note'), outcome(calls.read, 'tool_error'));
    const open = event(allowed(calls.read, 'alice', 'read-note'));
    const refused = event(denied(calls.write, 'bob', 'write-note'));
    for (const one of [failed, open, refused]) expect(ocsfProblems(one)).toEqual([]);
    expect(failed).toMatchObject({ status: 'Failure', status_code: 'tool_error', action: 'Allowed' });
    expect(open).toMatchObject({ status: 'Unknown', action: 'Allowed' });
    expect(refused).toMatchObject({
      status: 'Failure',
      status_code: 'insufficient_scope',
      action: 'Denied',
      unmapped: { missing_scopes: ['notes:write'] },
    });
  });

  it.each(['tools/list', 'resources/read', 'prompts/get', 'server/discover'])('of %s reads', (method) => {
    const one = event({ ...allowed(calls.read, 'alice', 'x'), mcp: { method } });
    expect(ocsfProblems(one)).toEqual([]);
    expect(one).toMatchObject({ activity_id: 2, type_uid: 600302 });
  });
});

describe('authentication', () => {
  it('that failed is an Authentication event', () => {
    const one = event({
      type: 'auth.failure',
      call: calls.anonymous,
      source: { ip: '198.51.100.9' },
      decision: { effect: 'deny', reason: 'expired', httpStatus: 401 },
    });
    expect(ocsfProblems(one)).toEqual([]);
    expect(one).toMatchObject({ class_uid: 3002, type_uid: 300201, status: 'Failure', status_code: 'expired' });
  });

  it('that was counted keeps its count', () => {
    const one = event({
      type: 'audit.aggregated',
      decision: { effect: 'deny', reason: 'no_token' },
      detail: {
        of: 'auth.failure',
        network: '198.51.100.0/24',
        count: 900,
        firstAt: '2026-11-20T21:00:00.000Z',
        lastAt: '2026-11-20T21:00:01.000Z',
      },
    });
    expect(ocsfProblems(one)).toEqual([]);
    expect(one).toMatchObject({ class_uid: 3002, count: 900, src_endpoint: { name: '198.51.100.0/24' } });
  });

  it.each([
    ['session.created', 1],
    ['session.ended', 2],
  ])('%s is its activity %i', (type, activity) => {
    const one = event({ type, actor: allowed(calls.read, 'alice', 'x')['actor'] });
    expect(ocsfProblems(one)).toEqual([]);
    expect(one).toMatchObject({ class_uid: 3002, activity_id: activity, user: { uid: 'alice' } });
  });
});

describe('a record without a class of its own', () => {
  it.each(['audit.started', 'audit.gap', 'config.loaded', 'token.revoked', 'audit.read', 'a.type.to.come'])(
    'is a Base Event: %s',
    (type) => {
      const one = event({ type, detail: { lost: 3 } });
      expect(ocsfProblems(one)).toEqual([]);
      expect(one).toMatchObject({
        class_uid: 0,
        type_uid: 99,
        activity_name: type,
        severity_id: type === 'audit.gap' ? 4 : 1,
        metadata: { event_code: type, sequence: 1 },
        unmapped: { detail: { lost: 3 } },
      });
    },
  );
});

it('an outcome on its own is an event too, joined to its call by its correlation id', () => {
  const one = event({ ...outcome(calls.read, 'tool_error'), mcp: { method: 'tools/call' } });
  expect(ocsfProblems(one)).toEqual([]);
  expect(one).toMatchObject({
    class_uid: 6003,
    status: 'Failure',
    status_code: 'tool_error',
    duration: 3,
    metadata: { event_code: 'mcp.outcome', correlation_uid: calls.read },
  });
});

it('whatever a record was changed into, its event is one of the schema', () => {
  const types = fc.constantFrom(
    'mcp.decision',
    'mcp.outcome',
    'auth.failure',
    'request.refused',
    'stream.opened',
    'audit.aggregated',
    'audit.gap',
  );
  const any = fc.option(fc.jsonValue(), { nil: undefined });
  const fields = fc.record({
    actor: any,
    source: any,
    mcp: any,
    target: any,
    decision: any,
    detail: any,
    trace: any,
    revocation: any,
    arguments: any,
  });
  fc.assert(
    fc.property(types, fields, fc.boolean(), (type, rest, ended) => {
      const one = ocsfEvent(record({ ...rest, type }), ended ? record({ outcome: rest.detail }, 2) : undefined);
      expect(ocsfProblems(JSON.parse(JSON.stringify(one)) as Record<string, unknown>)).toEqual([]);
    }),
  );
});
