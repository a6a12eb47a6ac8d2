import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scanAuditLog, type ScanTask } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow } from '../../../src/audit/columns/csv-row.ts';
import { rowFields } from '../../../src/audit/columns/line-cells.ts';
import { writeLineRow } from '../../../src/audit/columns/line-row.ts';
import { RowBuffer } from '../../../src/audit/columns/row-buffer.ts';
import { auditRecord, closedStory, temporaryDirectory, type RecordFields } from '../../support/audit-log.ts';

/** The row of a line in the middle of others, or `undefined` when it has to be looked at closely. */
async function fromLine(line: string): Promise<string | undefined> {
  const directory = await temporaryDirectory();
  const other = JSON.stringify(auditRecord({ seq: 0, type: 'auth.failure' }));
  await writeFile(join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`), `${other}\n${line}\n${other}\n`);
  const out = new RowBuffer();
  out.text('kept\n');
  let written = 0;
  const create = (): ScanTask<undefined> => ({
    fields: rowFields,
    takeLine: (bytes, fields) => {
      const before = out.length;
      const taken = writeLineRow(bytes, fields, out);
      if (!taken) expect(out.length).toBe(before);
      written += Number(taken);
      return taken;
    },
    take: () => undefined,
  });
  for await (const _ of scanAuditLog(directory, { create, module: '', data: undefined, threads: 0 })) continue;
  const [kept, first, ...others] = out
    .bytes()
    .toString('utf8')
    .split(/(?<=\n)/);
  expect([kept, first, others.at(-1), out.rows]).toEqual(['kept\n', rowOf(other), rowOf(other), 1 + written]);
  return written === 3 ? others[0] : undefined;
}

const rowOf = (line: string): string => csvRow(JSON.parse(line) as AuditRecord);

describe('a row that is made of the bytes of a line', () => {
  it('is the row of its record', async () => {
    const observed = { type: 'mcp.decision', decision: { effect: 'deny', enforced: false, missingScopes: [] } };
    for (const [seq, fields] of [...closedStory, observed].entries()) {
      const line = JSON.stringify(auditRecord({ seq, ...fields }));
      expect(await fromLine(line)).toBe(rowOf(line));
    }
  });

  it('is the row of its record, or none, whatever stands in the record', async () => {
    const text = fc.constantFrom('', 'alice', 'tool', 'ü', '\u{1f600}', 'a b', 'x'.repeat(99), 'tool{"'.slice(0, 5));
    const odd = fc.constantFrom(
      null,
      true,
      1e21,
      2 ** 31,
      -1,
      1e-7,
      {},
      ['a', 1],
      [''],
      { a: [{}] },
      '"',
      '\u001e',
      'x'.repeat(16_385),
    );
    /** Mostly what a writer writes. */
    const usual = (name: string): fc.Arbitrary<unknown> => {
      if (name.toLowerCase().endsWith('scopes')) return fc.array(text, { maxLength: 3 });
      if (/Status$|^bytes$|Ms$|^exp$/.test(name)) return fc.constantFrom(0, 7, 200, 12.5);
      return name === 'enforced' ? fc.boolean() : text;
    };
    const often = (usually: fc.Arbitrary<unknown>) =>
      fc.oneof({ arbitrary: usually, weight: 60 }, { arbitrary: odd, weight: 1 });
    const object = (...names: readonly string[]) =>
      often(fc.record(Object.fromEntries(names.map((name) => [name, often(usual(name))])), { requiredKeys: [] }));
    const records = fc.record(
      {
        type: text,
        call: often(text),
        actor: object('iss', 'sub', 'clientId', 'tenant', 'act', 'proof'),
        token: object('scopes', 'exp'),
        source: object('ip', 'userAgent'),
        mcp: object('method', 'client'),
        target: object('kind', 'name'),
        decision: object(
          'effect',
          'enforced',
          'reason',
          'rule',
          'policy',
          'requiredScopes',
          'missingScopes',
          'httpStatus',
        ),
        arguments: object('actor', 'name', ''),
        outcome: object('status', 'httpStatus', 'durationMs', 'bytes'),
        revocation: object('iss', 'sub'),
        trace: object('traceId'),
        detail: often(text),
        '': often(text),
      },
      { requiredKeys: ['type'] },
    );
    let made = 0;
    await fc.assert(
      fc.asyncProperty(records, async (fields) => {
        const line = JSON.stringify(auditRecord({ seq: 3, ...(fields as RecordFields) }));
        const row = await fromLine(line);
        if (row !== undefined) {
          made += 1;
          expect(row).toBe(rowOf(line));
        }
      }),
      { numRuns: 500 },
    );
    // The others are left to a closer look.
    expect(made).toBeGreaterThan(50);
  });

  it('takes the last of two members with the same name, as JSON.parse does', async () => {
    const line = JSON.stringify(auditRecord({ seq: 0, type: 'auth.failure' }));
    for (const more of [
      '"actor":{"sub":"a","iss":"i"},"actor":{"sub":"b"}',
      '"actor":{"sub":"a","sub":"b"}',
      '"actor":{"sub":"a"},"actor":"b"',
      '"target":{"kind":"tool","name":"a"},"target":{"name":"b"}',
    ]) {
      const twice = `${line.slice(0, -1)},${more}}`;
      expect(await fromLine(twice)).toBe(rowOf(twice));
    }
  });

  it('is left to a closer look where the line has escapes', async () => {
    expect(await fromLine(JSON.stringify(auditRecord({ seq: 0, detail: 'a\nb' })))).toBeUndefined();
    expect(await fromLine(JSON.stringify(auditRecord({ seq: 0 })).replace('"seq"', '"\\u0073eq"'))).toBeUndefined();
  });
});
