import type { AuditRecord } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { callRow } from '../../src/audit/call-row.ts';
import { createCallRows } from '../../src/audit/call-rows.ts';
import { auditRecord, calls, outcome, story, type RecordFields } from '../support/audit-log.ts';

function rowsOf(records: readonly RecordFields[], limit = 100) {
  const rows = createCallRows({ limit, rowOf: callRow });
  for (const [seq, fields] of records.entries()) rows.see(auditRecord({ seq, ...fields }) as unknown as AuditRecord);
  return rows.finish();
}

describe('createCallRows', () => {
  it('makes one row of a call and how it ended', () => {
    const { rows, left } = rowsOf(story);
    expect(rows.map(({ who, what, effect, result }) => [who, what, effect, result])).toEqual([
      ['', 'audit.started', '', '{"mode":"strict","level":"metadata"}'],
      ['alice', 'tools/call read-note', 'allow', 'ok 3 ms'],
      ['bob', 'tools/call write-note', 'deny', 'insufficient_scope: notes:write'],
      ['anonymous 198.51.100.9', 'auth.failure', 'deny', 'no_token'],
      ['alice', 'tools/call purge-notes', 'allow', 'tool_error 3 ms'],
      ['alice', 'tools/call read-note', 'allow', 'open'],
    ]);
    expect(left).toBe(0);
  });

  it('shows an outcome without decision as a row of its own', () => {
    expect(rowsOf([outcome(calls.read, 'aborted')]).rows).toMatchObject([
      { what: 'mcp.outcome', result: 'aborted 3 ms' },
    ]);
  });

  it('keeps the order of a single stream, and puts several together by time', () => {
    const at = (second: number): string => `2026-11-20T21:00:0${second}.000Z`;
    const single = [{ at: at(5) }, { at: at(1) }];
    expect(rowsOf(single).rows.map(({ seq }) => seq)).toEqual([0, 1]);
    const several = [
      { at: at(1), stream: 'a' },
      { at: at(5), stream: 'a' },
      { at: at(3), stream: 'b' },
      { at: 'unknown', stream: 'b' },
    ];
    expect(rowsOf(several).rows.map(({ seq }) => seq)).toEqual([3, 0, 2, 1]);
  });

  it('keeps the newest rows when there are more than the limit, and counts the others', () => {
    const many = Array.from({ length: 50 }, () => ({}));
    const { rows, left } = rowsOf(many, 3);
    expect(rows.map(({ seq }) => seq)).toEqual([47, 48, 49]);
    expect(left).toBe(47);
  });
});
