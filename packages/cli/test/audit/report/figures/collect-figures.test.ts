import type { AuditRecord } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createFigures, maxTableRows } from '../../../../src/audit/report/figures/collect-figures.ts';
import type { ReportFigures } from '../../../../src/audit/report/figures/report-figures.ts';
import {
  allowed,
  auditRecord,
  calls,
  denied,
  observed,
  outcome,
  story,
  type RecordFields,
} from '../../../support/audit-log.ts';

function figuresOf(records: readonly RecordFields[]): ReportFigures {
  const figures = createFigures();
  for (const [seq, fields] of records.entries()) figures.see(auditRecord({ seq, ...fields }) as unknown as AuditRecord);
  return figures.finish();
}

const row = { subject: 'alice', issuer: 'https://login.example.com', clientId: 'notes-app', kind: 'tool' };

describe('createFigures', () => {
  it('counts decisions, ends and refusals', () => {
    const { records, decisions, outcomes, open, subjects, targets, authFailures, span } = figuresOf(story);
    expect({ records, decisions, outcomes, open, subjects, targets, authFailures, span }).toEqual({
      records: 8,
      decisions: { allowed: 3, denied: 1, wouldDeny: 0 },
      outcomes: { ok: 1, tool_error: 1 },
      open: 1,
      subjects: 2,
      targets: 3,
      authFailures: { single: 1, together: 0 },
      span: { first: '2026-11-20T21:00:00.000Z', last: '2026-11-20T21:00:07.000Z' },
    });
  });

  it('has a row for each caller and target, most calls first', () => {
    const { callers } = figuresOf(story);
    expect(callers.rows.slice(0, 2)).toEqual([
      {
        ...row,
        ...{ target: 'read-note', calls: 2, allowed: 2, denied: 0, wouldDeny: 0 },
        first: '2026-11-20T21:00:01.000Z',
        last: '2026-11-20T21:00:07.000Z',
      },
      {
        ...row,
        ...{ target: 'purge-notes', calls: 1, allowed: 1, denied: 0, wouldDeny: 0 },
        first: '2026-11-20T21:00:05.000Z',
        last: '2026-11-20T21:00:05.000Z',
      },
    ]);
    expect([callers.more, callers.ungrouped]).toEqual([0, 0]);
  });

  it('names a call without a target by its method', () => {
    const { target: _target, ...list } = allowed(calls.read, 'alice', 'any');
    const { callers } = figuresOf([{ ...list, mcp: { method: 'tools/list' } }]);
    expect(callers.rows[0]).toMatchObject({ kind: 'method', target: 'tools/list', calls: 1 });
  });

  it('gives examples of denials by reason and rule', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const { denials } = figuresOf(ids.map((id, index) => denied(id, `user ${index % 2}`, 'write-note')));
    expect(denials.rows).toEqual([
      {
        ...{ reason: 'insufficient_scope', rule: 'tools.write-note', calls: 4, subjects: 2 },
        first: '2026-11-20T21:00:00.000Z',
        last: '2026-11-20T21:00:03.000Z',
        examples: ['a', 'b', 'c'],
      },
    ]);
  });

  it('bounds its tables and keeps the totals exact', () => {
    const many = Array.from({ length: 60 }, (_, index) => allowed(String(index), `user ${index}`, 'read-note'));
    const { callers, decisions, subjects } = figuresOf(many);
    expect([callers.rows.length, callers.more, decisions.allowed, subjects]).toEqual([maxTableRows, 10, 60, 60]);
  });

  it('counts floods exactly, by network', () => {
    const flood = {
      type: 'audit.aggregated',
      decision: { effect: 'deny', reason: 'no_token' },
      detail: {
        of: 'auth.failure',
        network: '198.51.100.0/24',
        count: 12_345,
        firstAt: '2026-11-20T20:59:00.000Z',
        lastAt: '2026-11-20T21:00:30.000Z',
      },
    };
    const { failures, authFailures, activity, refusedRequests } = figuresOf([...story, flood]);
    expect(authFailures).toEqual({ single: 1, together: 12_345 });
    expect(refusedRequests).toEqual({ single: 0, together: 0 });
    expect(failures.rows).toEqual([
      {
        ...{ reason: 'no_token', source: '198.51.100.0/24', count: 12_345, examples: [] },
        first: '2026-11-20T20:59:00.000Z',
        last: '2026-11-20T21:00:30.000Z',
      },
      {
        ...{ reason: 'no_token', source: '198.51.100.9', count: 1, examples: [calls.anonymous] },
        first: '2026-11-20T21:00:04.000Z',
        last: '2026-11-20T21:00:04.000Z',
      },
    ]);
    expect(activity.buckets.reduce((sum, { refused }) => sum + refused, 0)).toBe(12_346);
  });

  it('counts what observe mode let pass apart from what was allowed and denied', () => {
    const loaded = { type: 'config.loaded', detail: { hash: 'sha256:1', enforcement: 'observe' } };
    const { decisions, observe, open, outcomes } = figuresOf([
      loaded,
      observed(calls.write, 'bob', 'write-note'),
      outcome(calls.write),
    ]);
    expect(decisions).toEqual({ allowed: 0, denied: 0, wouldDeny: 1 });
    expect([open, outcomes]).toEqual([0, { ok: 1 }]);
    expect(observe).toMatchObject({ calls: 1, starts: 1, moreGroups: 0 });
    expect(observe.groups[0]).toMatchObject({ subject: 'bob', rule: 'tools.write-note', calls: 1 });
  });

  it('lists what happened to the server and the log, in words', () => {
    const by = { user: 'carol', uid: 1000, host: 'laptop' };
    const { events } = figuresOf([
      { type: 'config.loaded', detail: { hash: 'sha256:1', policy: 'sha256:2' } },
      { type: 'audit.rotated', detail: { reason: 'size', previous: 'audit-pod-a-0.jsonl' } },
      { type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: 7 } },
      {
        type: 'token.revoked',
        revocation: { iss: 'https://login.example.com', sub: 'bob', until: '2026-12-01T00:00:00.000Z' },
        detail: { by: 'api' },
      },
      { type: 'audit.gap', detail: { count: 3, firstAt: '2026-11-20T21:00:00.000Z' } },
      { type: 'audit.read', detail: { by, command: 'audit show', filter: {}, state: 'begun' } },
      { type: 'audit.read', detail: { by, command: 'audit show', filter: {}, state: 'ended', records: 4 } },
      { type: 'audit.read', detail: { by, command: 'audit report', filter: {}, state: 'begun' } },
    ]);
    const text = ({ rows }: ReportFigures['events']['gaps']): string[] => rows.map(({ what }) => what);
    expect(text(events.operation)).toEqual(['hash sha256:1, policy sha256:2', 'reason retention, retainedFrom 7']);
    expect(text(events.revocations)).toEqual([
      'subject bob, issuer https://login.example.com, until 2026-12-01T00:00:00.000Z, by api',
    ]);
    expect(text(events.gaps)).toEqual(['count 3, firstAt 2026-11-20T21:00:00.000Z']);
    expect(text(events.readings)).toEqual(['by carol on laptop, command audit show, records 4']);
    expect(events).toMatchObject({ lost: 3, rotations: 1, unfinishedReadings: 1 });
  });

  it('takes whatever somebody wrote into a record', () => {
    const odd: RecordFields[] = [
      { type: 'mcp.decision', at: 'yesterday', decision: 'allow', actor: 7, target: { name: { a: 1 } } },
      { type: 'mcp.outcome', outcome: { status: ['ok'] } },
      { type: 'audit.aggregated', detail: { count: -5 } },
      { type: 'audit.gap', detail: 'x' },
      { type: 'token.revoked', revocation: null },
      { type: '__proto__' },
      { type: 'mcp.outcome', outcome: { status: '__proto__' } },
    ];
    const { records, decisions, types, outcomes, activity, authFailures, refusedRequests } = figuresOf(odd);
    expect([records, decisions.denied, activity.untimed]).toEqual([7, 1, 1]);
    expect(Object.entries(types)).toContainEqual(['__proto__', 1]);
    expect(Object.entries(outcomes)).toEqual([
      ['__proto__', 1],
      ['unknown', 1],
    ]);
    expect([authFailures.together, refusedRequests.together]).toEqual([0, 0]);
  });
});
