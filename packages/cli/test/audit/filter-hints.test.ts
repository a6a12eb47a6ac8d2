import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterHints } from '../../src/audit/filter-hints.ts';
import { createRecordTest, type RecordFilter } from '../../src/audit/record-filter.ts';
import { auditRecord, denied } from '../support/audit-log.ts';

/** Texts that meet often, also in part, and with what JSON escapes. */
const word = fc.oneof(
  fc.constantFrom('alice', 'ali', 'a"b', 'tab\t', 'ü', '\\', '', '*', 'deny', '\u007f', 'a*e'),
  fc.string({ maxLength: 4 }),
);
/** How much of a value is asked for: nothing, all, or with stars instead of what is before, between and behind. */
const asked = fc.option(fc.tuple(fc.boolean(), fc.nat(6), fc.nat(6)), { nil: undefined });
type Asked = readonly [whole: boolean, from: number, length: number] | undefined;

function patternOf(value: string, how: Asked): string | undefined {
  if (how === undefined) return undefined;
  const [whole, from, length] = how;
  return whole ? value : `*${value.slice(from, from + length)}*`;
}

it('every record that fits a filter has the texts of its hints, or a line with escapes', () => {
  const facts = fc.record({ sub: word, client: word, iss: word, tool: word, method: word, reason: word });
  const ways = fc.array(asked, { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(facts, ways, fc.boolean(), (values, how, wouldDeny) => {
      const record = auditRecord({
        seq: 0,
        ...denied('c1', values.sub, values.tool),
        actor: { iss: values.iss, sub: values.sub, clientId: values.client, act: [], proof: 'jwt' },
        mcp: { method: values.method },
        decision: { effect: 'deny', reason: values.reason, ...(wouldDeny && { enforced: false }) },
      }) as unknown as AuditRecord;
      const filter: RecordFilter = {
        subject: how[0] && values.sub,
        client: how[1] && values.client,
        issuer: how[2] && values.iss,
        tool: patternOf(values.tool, how[3]),
        method: patternOf(values.method, how[4]),
        reason: patternOf(values.reason, how[5]),
        decision: 'deny',
        wouldDeny,
        call: 'c',
      };
      expect(createRecordTest(filter)(record)).toBe(true);
      const line = JSON.stringify(record);
      const { texts = [] } = filterHints(filter);
      expect(line.includes('\\') || texts.every((text) => line.includes(text))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

it('an exact value is looked for in quotes, the longest part of a pattern without', () => {
  expect(filterHints({ subject: 'alice', tool: 'db_*_all*' })).toEqual({ texts: ['"alice"', '_all'] });
  expect(filterHints({ tool: '*' })).toEqual({});
  expect(filterHints({ sinceMs: 1, untilMs: 2 })).toEqual({ sinceMs: 1, untilMs: 2 });
});
