import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFigures } from '../../src/audit/report/figures/collect-figures.ts';
import type { AuditRecord } from '@sallyport/core';
import {
  actor,
  allowed,
  auditDirectory,
  auditRecord,
  calls,
  outcome,
  temporaryDirectory,
} from '../support/audit-log.ts';
import { run } from '../support/run.ts';

/** What a call leaves that is answered with a stream: four records with one id. */
const listening = [
  allowed(calls.read, 'alice', 'read-note'),
  { type: 'stream.opened', call: calls.read, actor: actor('alice') },
  outcome(calls.read),
  { type: 'stream.closed', call: calls.read, actor: actor('alice'), detail: { reason: 'ended' } },
];

/** The stream stands alone in a filter that only the decision fits. */
const filters: readonly (readonly string[])[] = [[], ['--subject', 'alice'], ['--tool', 'read-note']];

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe.each(filters.map((filter) => [filter]))(
  'a call that is answered with a stream, selected with %j',
  (filter) => {
    const audit = async (command: string, ...more: readonly string[]) =>
      run(['audit', command, await auditDirectory(listening), ...filter, ...more]);

    it('is a line with its outcome, and one with the end of the stream', async () => {
      for (const command of ['query', 'show']) {
        const { code, stdout } = await audit(command);
        const [, call, stream, ...rest] = stdout.trimEnd().split('\n');
        expect([code, rest]).toEqual([0, []]);
        expect(call).toMatch(/tools\/call read-note +allow +ok 3 ms/);
        expect(stream).toMatch(/stream\.opened +- +ended/);
      }
    });

    it('has both ends in the lines of JSON', async () => {
      const { stdout } = await audit('query', '--json');
      expect(linesOf(stdout)).toMatchObject([
        { type: 'mcp.decision', outcome: 'ok' },
        { type: 'stream.opened', outcome: null },
      ]);
      const shown = await audit('show', '--json');
      expect(linesOf(shown.stdout).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    });

    it('is counted once as a call, and once as a stream', async () => {
      const { stdout } = await audit('query', '--group-by', 'type', '--sort', 'type', '--json');
      expect(linesOf(stdout)).toMatchObject([
        { type: 'mcp.decision', calls: 1, allowed: 1 },
        { type: 'stream.opened', calls: 1, allowed: 0 },
      ]);
    });

    it('has in SQL a row for the call and one for the stream', async () => {
      const { stdout } = await audit('query', '--json', '--sql', 'SELECT type, outcome FROM calls ORDER BY seq');
      expect(linesOf(stdout)).toEqual([
        { type: 'mcp.decision', outcome: 'ok' },
        { type: 'stream.opened', outcome: null },
      ]);
      const records = await audit('query', '--json', '--sql', 'SELECT seq FROM records ORDER BY seq');
      expect(linesOf(records.stdout).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    });

    it('is exported record by record in every format of records', async () => {
      const jsonl = await audit('export', '--format', 'jsonl');
      expect(linesOf(jsonl.stdout).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
      const csv = await audit('export', '--format', 'csv');
      expect(csv.stdout.trimEnd().split('\n')).toHaveLength(5);
    });

    it.each(['ocsf', 'ecs', 'cef'])('is exported as %s in two events, each with its end', async (format) => {
      const { stdout } = await audit('export', '--format', format);
      const events = stdout.trimEnd().split('\n');
      expect(events).toHaveLength(2);
      expect(events[0]).toContain('read-note');
      expect(events[0]).toContain(format === 'ecs' ? 'tools.read-note' : calls.read);
      expect(events.join('\n')).not.toContain('undefined');
      const ids = [0, 1].map((seq) => String(auditRecord({ seq })['id']));
      expect(events.map((event) => ids.findIndex((id) => event.includes(id)))).toEqual([0, 1]);
    });

    it('is exported to Parquet with all its records', async () => {
      const out = join(await temporaryDirectory(), 'out');
      const { code, stderr } = await audit('export', '--format', 'parquet', '--out', out);
      expect([code, stderr]).toEqual([0, '4 of 4 records exported\n']);
      expect((await readFile(join(out, 'audit.parquet'))).subarray(0, 4).toString()).toBe('PAR1');
    });
  },
);

it('is no open call of a report', () => {
  const figures = createFigures();
  listening.forEach((fields, seq) => figures.see(auditRecord({ seq, ...fields }) as unknown as AuditRecord));
  expect(figures.finish()).toMatchObject({ open: 0, decisions: { allowed: 1 }, outcomes: { ok: 1 } });
});

it('loses no decision to one that a changed log begins twice', async () => {
  const twice = [listening[0], { ...listening[0], detail: { again: true } }, listening[2]].map(
    (fields) => fields ?? {},
  );
  const { stdout } = await run(['audit', 'export', await auditDirectory(twice), '--format', 'ecs']);
  const events = stdout.trimEnd().split('\n');
  expect(events).toHaveLength(2);
  for (const seq of [0, 1]) expect(events[seq]).toContain(String(auditRecord({ seq })['id']));
});
