import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '@sallyport/core';
import { AttemptSelection, readWholeLog, type CreateScanTask, type ScanHints } from '../../src/index.ts';
import { scanAuditLogWith } from '../../src/scan/scan-audit-log.ts';
import { actor, allowed, auditRecord, closedStory, denied, outcome, type RecordFields } from '../support/story.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Found {
  readonly records: readonly string[];
  readonly findings: readonly string[];
}

/** Ends of pieces in the middle of lines, at their ends, and none. */
const sizes = [64, 1000, 4096, 1 << 20];

const everything: CreateScanTask<ScanHints, undefined> = (hints) => ({ hints, take: (_, line) => line() });

async function scan(directory: string, pieceBytes: number, hints: ScanHints = {}): Promise<Found> {
  const records: string[] = [];
  const findings: string[] = [];
  let [count, done] = [0, 0];
  for await (const piece of scanAuditLogWith(directory, { create: everything, module: '', data: hints }, pieceBytes)) {
    count += piece.records;
    expect(piece.doneBytes).toBeGreaterThanOrEqual(done);
    done = piece.doneBytes;
    for (const row of piece.rows) records.push(`${piece.file} ${JSON.stringify(JSON.parse(row))}`);
    for (const { code, file, line, problem } of piece.findings) findings.push(`${file}:${line} ${code} ${problem}`);
  }
  if (Object.keys(hints).length === 0) expect(count).toBe(records.length);
  return { records, findings: findings.toSorted() };
}

/** What a reader finds who reads line by line. */
async function read(directory: string): Promise<Found> {
  const records: string[] = [];
  const findings: string[] = [];
  for await (const item of await readWholeLog(directory)) {
    if (item.kind === 'record') records.push(`${item.file} ${JSON.stringify(item.record)}`);
    // That one knows the file that goes on; a piece of another file does not.
    else findings.push(`${item.file}:${item.line} ${item.code} ${item.problem}`);
  }
  return { records, findings: findings.toSorted() };
}

function segment(firstSeq: number, stream = 'pod-a'): string {
  return `audit-${stream}-${String(firstSeq).padStart(20, '0')}.jsonl`;
}

function lines(records: readonly RecordFields[], firstSeq = 0, stream = 'pod-a'): string[] {
  return records.map((fields, index) => JSON.stringify(auditRecord({ stream, seq: firstSeq + index, ...fields })));
}

const text = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
const story = [...closedStory, ...closedStory, ...closedStory];

describe('a scan finds what reading line by line finds, wherever a piece ends', () => {
  const whole = lines(story);
  const [first = '', second = '', third = ''] = whole;
  const cases: readonly (readonly [name: string, files: Readonly<Record<string, string>>])[] = [
    ['a whole log', { [segment(0)]: text(whole) }],
    [
      'several segments and streams',
      {
        [segment(0)]: text(whole.slice(0, 5)),
        [segment(5)]: text(whole.slice(5)),
        [segment(0, 'pod-b')]: text(lines(story, 0, 'pod-b')),
      },
    ],
    ['an empty segment', { [segment(0)]: text(whole), [segment(whole.length)]: '' }],
    ['an unfinished last line', { [segment(0)]: text(whole) + third.slice(0, 70) }],
    ['a last line that is no record', { [segment(0)]: `${text(whole)}{}\n` }],
    [
      'an unfinished line before another segment',
      {
        [segment(0)]: text(whole.slice(0, 3)) + third.slice(0, 70),
        [segment(3)]: text(whole.slice(3)),
      },
    ],
    [
      'lines that are no records',
      { [segment(0)]: text([first, '', '{"v":1}', second, '[1', third, '\u0000', ...whole.slice(3)]) },
    ],
    [
      'a line of another stream',
      { [segment(0)]: text([...whole.slice(0, 2), ...lines(story, 2, 'pod-x').slice(0, 1), ...whole.slice(2)]) },
    ],
    ['missing numbers', { [segment(0)]: text(whole.toSpliced(3, 2)) }],
    ['a missing beginning', { [segment(2)]: text(whole.slice(2)) }],
    ['numbers twice', { [segment(0)]: text([...whole.slice(0, 4), ...whole]) }],
    ['lines in another order', { [segment(0)]: text(whole.toReversed()) }],
    [
      'records that were never acknowledged',
      { [segment(0)]: text(whole.slice(0, 7)), [segment(4)]: text(whole.slice(4)) },
    ],
    [
      'a long line',
      { [segment(0)]: text([first, JSON.stringify(auditRecord({ seq: 1, detail: 'x'.repeat(9000) })), third]) },
    ],
  ];

  test.each(cases)('%s', async (name, files) => {
    const directory = await temporaryDirectory();
    for (const [file, content] of Object.entries(files)) await writeFile(join(directory, file), content);
    const expected = await read(directory);
    for (const size of sizes) {
      const found = await scan(directory, size);
      expect(found.records).toEqual(expected.records);
      // The scan does not name the segment that goes on.
      const findings = name.includes('acknowledged') ? expected.findings.map(withoutFile) : expected.findings;
      expect(name.includes('acknowledged') ? found.findings.map(withoutFile) : found.findings).toEqual(findings);
    }
  });

  function withoutFile(finding: string): string {
    return finding.replace(/ goes on from .*$/, '').replace(/: (audit-\S+|the next segment)$/, '');
  }

  test('bytes that were changed anywhere', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, segment(0));
    const bytes = Buffer.from(text(whole));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...sizes),
        async (changes, size) => {
          const damaged = Buffer.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          await writeFile(file, damaged);
          expect(await scan(directory, size)).toEqual(await read(directory));
          // With hints the lines are not parsed, and checked all the same.
          const { findings } = await scan(directory, size, { texts: ['"nowhere"'] });
          expect(findings).toEqual((await read(directory)).findings);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('hints spare a closer look at lines', () => {
  test('and let through whatever holds a text or could hold it in another form', async () => {
    const directory = await temporaryDirectory();
    const [plain, escaped, other] = lines(['jürgen', 'x', 'y'].map((detail) => ({ type: 'auth.failure', detail })));
    const inEscapes = (escaped ?? '').replace('"x"', '"j\\u00fcrgen"');
    await writeFile(join(directory, segment(0)), text([plain ?? '', inEscapes, other ?? '']));
    const { records } = await scan(directory, 4096, { texts: ['"jürgen"'] });
    expect(records.map((row) => (JSON.parse(row.slice(row.indexOf('{'))) as AuditRecord).seq)).toEqual([0, 1]);
  });

  test('and let through both ends of a period, and a time that can not be read', async () => {
    const directory = await temporaryDirectory();
    await writeFile(
      join(directory, segment(0)),
      text(lines([{}, {}, { at: 'soon' }, {}, {}].map((fields) => ({ type: 'auth.failure', ...fields })))),
    );
    const at = (seconds: number): number => Date.parse('2026-11-20T21:00:00.000Z') + seconds * 1000;
    const { records } = await scan(directory, 4096, { sinceMs: at(1), untilMs: at(3) });
    expect(records.map((row) => (JSON.parse(row.slice(row.indexOf('{'))) as AuditRecord).seq)).toEqual([1, 2, 3]);
  });
});

test('the end of a call and its stream are selected with its beginning, wherever that stands', async () => {
  const directory = await temporaryDirectory();
  const fits = (record: AuditRecord): boolean => record.actor?.sub === 'alice';
  const create: CreateScanTask<ScanHints, undefined> = (hints) => ({ hints, fits, take: (_, line) => line() });
  const steps = fc.array(
    fc.tuple(
      fc.constantFrom('alice', 'bob'),
      fc.constantFrom('begin', 'deny', 'observe', 'end', 'endByAlice', 'open', 'close'),
      fc.nat(12),
    ),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(...sizes), async (plan, size) => {
      const records = plan.map(([sub, step, back], index) => {
        // Some ends have no beginning, some come twice.
        const call = `c-${step === 'begin' || step === 'deny' || step === 'observe' ? index : Math.max(0, index - back)}`;
        if (step === 'end') return outcome(call);
        if (step === 'open') return { type: 'stream.opened', call, actor: actor(sub) };
        if (step === 'close') return { type: 'stream.closed', call, actor: actor(sub), detail: { reason: 'ended' } };
        if (step === 'endByAlice') return { ...outcome(call), actor: actor('alice') };
        if (step === 'begin') return allowed(call, sub, 'read-note');
        const decision = { effect: 'deny', ...(step === 'observe' && { enforced: false }) };
        return { ...denied(call, sub, 'read-note'), decision };
      });
      const written = lines(records);
      await writeFile(join(directory, segment(0)), text(written));
      const selection = new AttemptSelection();
      const expected = written.filter((line) => selection.selects(JSON.parse(line) as AuditRecord, fits));
      for (const data of [{}, { texts: ['"alice"'] }]) {
        const rows: string[] = [];
        const pieces = scanAuditLogWith(directory, { create, module: '', data }, size);
        for await (const piece of pieces) rows.push(...piece.rows);
        expect(rows).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('a directory without a log, and one that is not there, are errors', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'notes.txt'), 'not a log\n');
  await expect(scan(directory, 4096)).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  await expect(scan(join(directory, 'none'), 4096)).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
});

test('a segment that can not be read is told, and the others are read', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, segment(0)));
  await writeFile(join(directory, segment(0, 'pod-b')), text(lines(story, 0, 'pod-b')));
  const { records, findings } = await scan(directory, 4096);
  expect(records).toHaveLength(story.length);
  expect(findings).toEqual([`${segment(0)}:0 unreadable the segment can not be read (EISDIR)`]);
});

test('a mistake of a task is no fact about the log', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, segment(0)), text(lines(story)));
  const create = () => ({
    take: (): string => {
      throw new TypeError('broken');
    },
  });
  const pieces = scanAuditLogWith(directory, { create, module: '', data: undefined });
  await expect(pieces.next()).rejects.toThrow('broken');
  expect(await readFile(join(directory, segment(0)), 'utf8')).toBe(text(lines(story)));
});
