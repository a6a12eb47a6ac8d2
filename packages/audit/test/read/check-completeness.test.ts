import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEntry } from '@sallyport/core';
import { expect, test } from 'vitest';
import { checkCompleteness } from '../../src/index.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { allow, anonymous, deny, outcome } from '../support/entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Written {
  readonly directory: string;
  readonly path: string;
  readonly file: string;
}

async function write(...entries: AuditEntry[]): Promise<Written> {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(...entries);
  return { directory, file, path: join(directory, file) };
}

test('a call that observe mode let pass has run, and is held to an outcome like an allowed one', async () => {
  const observed = (): AuditEntry & { readonly call: string } => {
    const { call } = allow();
    return { ...deny(), call, decision: { effect: 'deny', reason: 'insufficient_scope', enforced: false } };
  };
  const [ended, open] = [observed(), observed()];
  const { directory } = await write(started, ended, outcome(ended.call), open);
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, allows: 2, allowsWithOutcome: 1, denies: 0 });
  expect(report.findings).toMatchObject([{ code: 'no_outcome', call: open.call }]);
});

/** Changes the lines of a file. */
async function edit(path: string, change: (lines: string[]) => void): Promise<void> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  change(lines);
  await writeFile(path, `${lines.join('\n')}\n`);
}

test('a complete log is counted and has no findings', async () => {
  const call = allow();
  const listening = allow();
  const { directory } = await write(
    started,
    call,
    outcome(call.call),
    listening,
    { type: 'stream.opened', call: listening.call },
    { type: 'stream.closed', call: listening.call },
    outcome(listening.call),
    deny(),
    anonymous(),
    { type: 'audit.aggregated', detail: { of: 'auth.failure', count: 17 } },
    stopped(),
  );
  const counts = {
    records: 11,
    allows: 2,
    allowsWithOutcome: 2,
    denies: 1,
    refusals: 1,
    aggregated: 17,
    lost: 0,
    missing: 0,
  };
  expect(await checkCompleteness(directory)).toMatchObject({
    complete: true,
    ...counts,
    findings: [],
    omittedFindings: 0,
    streams: [{ stream: 'a', segments: 1, closed: true, ...counts }],
  });
});

test('streams are checked apart and summed up', async () => {
  const { directory } = await write(started, deny(), stopped());
  const call = allow();
  await new DeadWriter(directory, 'b').begin(started, call);
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ records: 5, denies: 1, allows: 1, streams: [{ closed: true }, { closed: false }] });
  expect(report.findings).toMatchObject([{ code: 'no_outcome', stream: 'b', call: call.call }]);
  expect(await checkCompleteness(directory, { stream: 'a' })).toMatchObject({ complete: true, records: 3 });
});

test('a removed line is a gap', async () => {
  const { directory, path, file } = await write(started, deny(), deny(), deny(), stopped());
  await edit(path, (lines) => lines.splice(1, 2));
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, missing: 2 });
  expect(report.findings).toMatchObject([{ code: 'gap', file, line: 2, problem: 'records 1 to 2 are missing' }]);
});

test('a removed segment is a gap, also when it was the first', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const files = [await writer.begin(started, deny()), await writer.begin(started), await writer.begin(started)];
  await rm(join(directory, files[0] ?? ''));
  await rm(join(directory, files[1] ?? ''));
  expect(await checkCompleteness(directory)).toMatchObject({ complete: false, missing: 3 });
});

test('a line that stands twice is a duplicate', async () => {
  const { directory, path } = await write(started, deny(), stopped());
  await edit(path, (lines) => lines.splice(1, 0, lines[1] ?? ''));
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, duplicates: 1, missing: 0 });
  expect(report.findings[0]).toMatchObject({ code: 'duplicate', line: 3 });
});

test('exchanged lines are found by their numbers and by their time', async () => {
  const { directory, path } = await write(started, deny(), deny(), stopped());
  await edit(path, (lines) => lines.splice(1, 2, lines[2] ?? '', lines[1] ?? ''));
  const report = await checkCompleteness(directory);
  expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['gap', 'duplicate', 'clock_backwards']));
});

test('an edited line that is no record any more is found', async () => {
  const { directory, path } = await write(started, deny(), stopped());
  await edit(path, (lines) => lines.splice(1, 1, '{"v":1}'));
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, unparsable: 1, missing: 1 });
});

test('monotonic time that runs backwards within a start is found, between starts it is not', async () => {
  const { directory, path } = await write(started, deny(), deny(), stopped());
  await edit(path, (lines) => {
    lines[2] = (lines[2] ?? '').replace(/"monoNs":"\d+"/, '"monoNs":"1"');
  });
  expect(await checkCompleteness(directory)).toMatchObject({ complete: false, clockBackwards: 1 });
  await edit(path, (lines) => {
    for (const index of [2, 3]) lines[index] = (lines[index] ?? '').replace(/"boot":"[^"]+"/, '"boot":"another"');
  });
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, clockBackwards: 0 });
});

test('an outcome without a decision, and a second outcome, are found', async () => {
  const call = allow();
  const { directory } = await write(
    started,
    outcome('unknown'),
    call,
    outcome(call.call),
    outcome(call.call),
    stopped(),
  );
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, allows: 1, allowsWithOutcome: 1 });
  expect(report.findings).toMatchObject([
    { code: 'no_decision', line: 2 },
    { code: 'no_decision', line: 5 },
  ]);
});

test('a stream that was opened and not closed is found', async () => {
  const { directory } = await write(
    started,
    { type: 'stream.opened', call: 'c' },
    { type: 'stream.closed', call: 'd' },
  );
  expect((await checkCompleteness(directory)).findings).toMatchObject([
    { code: 'no_decision', problem: 'a stream was closed that was not open' },
    { code: 'no_outcome', call: 'c', problem: 'the opened stream was not closed' },
  ]);
});

test('records that the writer lost make a log incomplete', async () => {
  const { directory } = await write(started, { type: 'audit.gap', detail: { count: 12 } }, stopped());
  expect(await checkCompleteness(directory)).toMatchObject({
    complete: false,
    lost: 12,
    findings: [{ code: 'lost', line: 2 }],
  });
});

test('an unfinished end is a matter of a crash only at the very end, or where a later start names it', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const file = await writer.begin(started, deny());
  await appendFile(join(directory, file), 'torn');
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, torn: 1 });
  await writer.begin({ ...started, detail: { torn: [{ file }] } });
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, torn: 1 });
  const other = await writer.begin(started);
  await appendFile(join(directory, other), 'torn');
  await writer.begin(started, stopped());
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, torn: 2 });
  expect(report.findings).toMatchObject([{ code: 'torn', file: other }]);
});

test('superseded records must be explained by the segment that replaced them', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started, deny(), deny(), deny());
  const writer = new DeadWriter(directory, 'a', 2);
  await writer.begin(deny());
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, superseded: 2 });
  expect(report.findings).toMatchObject([
    { code: 'superseded', file, line: 3, problem: expect.stringContaining('(and 1 more)') },
  ]);
  await writer.append({ type: 'audit.rotated', detail: { abandoned: [file] } });
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, superseded: 2 });
});

test('a thousand findings are named, the others are counted', async () => {
  const { directory } = await write(started, ...Array.from({ length: 1200 }, () => allow()), stopped());
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, allows: 1200, omittedFindings: 200, findings: { length: 1000 } });
});
