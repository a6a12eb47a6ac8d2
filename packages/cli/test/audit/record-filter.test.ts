import type { AuditRecord } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createRecordFilter } from '../../src/audit/attempt-filter.ts';
import type { RecordFilter } from '../../src/audit/record-filter.ts';
import { auditRecord, calls, outcome, story, type RecordFields } from '../support/audit-log.ts';

function record(fields: RecordFields, seq = 0): AuditRecord {
  return auditRecord({ seq, ...fields }) as unknown as AuditRecord;
}

/** Sequence numbers of what is selected. */
function select(filter: RecordFilter, records: readonly RecordFields[] = story): readonly number[] {
  const matches = createRecordFilter(filter);
  return records
    .map((fields, seq) => record(fields, seq))
    .filter(matches)
    .map(({ seq }) => seq);
}

describe('createRecordFilter', () => {
  it('selects everything without a filter', () => {
    expect(select({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('selects an outcome together with its decision, also when it does not name the caller itself', () => {
    expect(select({ subject: 'alice' })).toEqual([1, 2, 5, 6, 7]);
    expect(select({ tool: 'purge-*' })).toEqual([5, 6]);
    expect(select({ decision: 'allow' })).toEqual([1, 2, 5, 6, 7]);
    expect(select({ call: calls.read })).toEqual([1, 2]);
  });

  it('selects refusals of every kind as denied', () => {
    expect(select({ decision: 'deny' })).toEqual([3, 4]);
  });

  it('finds what was revoked of a subject with its calls', () => {
    const revocation = { iss: 'https://login.example.com', sub: 'alice', until: '2026-11-27T00:00:00.000Z' };
    const revoked: RecordFields = { type: 'token.revoked', revocation };
    expect(select({ subject: 'alice' }, [revoked])).toHaveLength(1);
    expect(select({ subject: 'bob' }, [revoked])).toEqual([]);
  });

  it('compares subjects exactly', () => {
    expect(select({ subject: 'Alice' })).toEqual([]);
    expect(select({ subject: 'al*' })).toEqual([]);
  });

  it('takes the beginning of a call id', () => {
    expect(select({ call: calls.write.slice(0, 8) })).toEqual([3]);
  });

  it('includes both ends of a period, and the outcome of a call that began in it', () => {
    const at = (seconds: number): number => Date.parse('2026-11-20T21:00:00.000Z') + seconds * 1000;
    expect(select({ sinceMs: at(3), untilMs: at(5) })).toEqual([3, 4, 5, 6]);
    expect(select({ sinceMs: at(6) })).toEqual([7]);
  });

  it('selects what fits all filters', () => {
    expect(select({ subject: 'alice', tool: '*-note', decision: 'allow' })).toEqual([1, 2, 7]);
    expect(select({ subject: 'bob', decision: 'allow' })).toEqual([]);
  });

  it('finds a tool only among tools', () => {
    const prompt = { target: { kind: 'prompt', name: 'read-note' } };
    expect(select({ tool: 'read-note' }, [prompt])).toEqual([]);
  });

  it('judges an outcome without decision by itself', () => {
    expect(select({ call: calls.read }, [outcome(calls.read)])).toEqual([0]);
    expect(select({ subject: 'alice' }, [outcome(calls.read)])).toEqual([]);
  });

  it('keeps the calls of different streams apart', () => {
    const matches = createRecordFilter({ subject: 'alice' });
    expect(matches(record(story[1] ?? {}))).toBe(true);
    expect(matches(record({ ...outcome(calls.read), stream: 'pod-b' }))).toBe(false);
    expect(matches(record(outcome(calls.read)))).toBe(true);
  });

  it('does not stumble over records of another shape, and does not hide one whose time can not be read', () => {
    const odd = [
      { actor: 'alice', decision: null, target: [1] },
      { at: 'soon' },
      { call: 7, actor: { sub: ['alice'] } },
    ];
    expect(select({ subject: 'alice' }, odd)).toEqual([]);
    expect(select({ sinceMs: Date.parse('2030-01-01') }, odd)).toEqual([1]);
  });
});
