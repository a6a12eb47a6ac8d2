import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@sallyport/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  checkCompleteness,
  openAuditLog,
  verifyAuditLog,
  type OpenAuditLogOptions,
  type SegmentedAuditLog,
} from '../../src/index.ts';
import { deleteBefore } from '../../src/retention/delete-segments.ts';
import { Retention } from '../../src/retention/retention.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const day = 86_400_000;

/** A clock that can be moved. */
function clockAt(shift: { days: number }): Clock {
  return { now: () => Date.now() + shift.days * day, monotonicNs: () => process.hrtime.bigint() };
}

async function open(directory: string, options: Partial<OpenAuditLogOptions> = {}): Promise<SegmentedAuditLog> {
  const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32), ...options });
  onTestFinished(() => audit.close());
  return audit;
}

async function names(directory: string, ending: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith(ending)).sort();
}

/** A closed log of some segments. */
async function segments(directory: string, count: number, stream = 'pod-a'): Promise<void> {
  for (let index = 0; index < count; index++) {
    const audit = await openAuditLog({ directory, stream, hashKey: new Uint8Array(32) });
    const call = allow();
    await audit.append(call);
    await audit.append(outcome(call.call));
    await audit.close();
  }
}

test('a segment that has had its bytes is followed by a new one, which says so', async () => {
  const directory = await temporaryDirectory();
  const audit = await open(directory, { rotate: { bytes: 4096 } });
  for (let index = 0; index < 40; index++) await audit.append(deny());
  await audit.close();
  const { records } = await readAll(directory);
  const files = await names(directory, '.jsonl');
  expect(files.length).toBeGreaterThan(4);
  const rotated = records.filter(({ type }) => type === 'audit.rotated');
  expect(rotated.map(({ detail }) => detail)).toEqual(
    files.slice(0, -1).map((previous) => ({ reason: 'size', previous })),
  );
  for (const file of files.slice(0, -1)) expect((await readFile(join(directory, file))).length).toBeLessThan(6000);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, denies: 40, missing: 0 });
  // Each segment has the tree before it and a checkpoint of its own.
  for (const ending of ['.frontier', '.checkpoint']) expect(await names(directory, ending)).toHaveLength(files.length);
});

test('a segment that is old enough is followed by a new one, but not one that only says that it began', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const directory = await temporaryDirectory();
  const audit = await open(directory, { rotate: { hours: 2 } });
  await audit.append(deny());
  vi.advanceTimersByTime(2.1 * 3_600_000);
  await vi.waitFor(async () => expect((await readAll(directory)).records).toHaveLength(3));
  vi.advanceTimersByTime(2.1 * 3_600_000);
  await audit.append(deny());
  const { records } = await readAll(directory);
  expect(records.slice(2).map(({ type }) => type)).toEqual(['audit.rotated', 'mcp.decision']);
  expect(records[2]).toMatchObject({ detail: { reason: 'age' } });
});

test('segments beyond their days are deleted at the start, and the log says where it begins', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 3);
  const audit = await open(directory, { retention: { days: 30 }, clock: clockAt({ days: 31 }) });
  await vi.waitFor(async () => expect(await names(directory, '.jsonl')).toHaveLength(1));
  await audit.append(deny());
  await audit.close();
  const { records } = await readAll(directory);
  expect(records[0]).toMatchObject({ seq: 12, type: 'audit.started' });
  expect(records.find(({ type }) => type === 'audit.rotated')).toMatchObject({
    detail: { reason: 'retention', retainedFrom: 12, policy: { days: 30 } },
  });
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, missing: 0 });
  // What the first kept record can be proved with: the tree before it, and the last checkpoint over what is gone.
  expect(await names(directory, '.frontier')).toEqual(['audit-pod-a-00000000000000000012.frontier']);
  expect(await names(directory, '.checkpoint')).toEqual([
    'audit-pod-a-00000000000000000008.checkpoint',
    'audit-pod-a-00000000000000000012.checkpoint',
  ]);
  await (await open(directory)).close();
  const verified = await verifyAuditLog(directory);
  expect(verified).toMatchObject({ content: 'PASS', completeness: 'PASS', missing: 0 });
  expect(verified.findings.map(({ code }) => code)).toContain('retained');
});

test('segments beyond their bytes are deleted when a new one begins', async () => {
  const directory = await temporaryDirectory();
  const audit = await open(directory, { rotate: { bytes: 4096 }, retention: { bytes: 20_000 } });
  for (let index = 0; index < 200; index++) await audit.append(deny());
  await vi.waitFor(async () => {
    await audit.append(deny());
    const files = await names(directory, '.jsonl');
    expect(files.length).toBeLessThan(8);
    expect(files).not.toContain('audit-pod-a-00000000000000000000.jsonl');
  }, 5000);
  await audit.close();
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, missing: 0 });
});

test('what an export has not sent is kept, and so is what nobody can tell about', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 4);
  const cursor = join(directory, 'export-pod-a-siem.cursor');
  await writeFile(cursor, JSON.stringify({ v: 1, stream: 'pod-a', seq: 9, segment: null }));
  const options = { retention: { days: 1 }, clock: clockAt({ days: 9 }) };
  const warnings: unknown[] = [];
  const log = { info: () => undefined, warn: (facts: object) => void warnings.push(facts), error: () => undefined };
  await (await open(directory, { ...options, log })).close();
  expect((await readAll(directory)).records[0]?.seq).toBe(8);
  expect(warnings).toContainEqual({
    event: 'sallyport.audit.retention_held',
    directory,
    stream: 'pod-a',
    by: 'export-pod-a-siem.cursor',
  });
  await writeFile(cursor, 'rubbish');
  await (await open(directory, options)).close();
  expect((await readAll(directory)).records[0]?.seq).toBe(8);
});

test('what is not signed yet is kept', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 2);
  const audit = await open(directory, { retention: { days: 1 }, clock: clockAt({ days: 9 }) });
  await audit.close();
  const [first, ...others] = (await names(directory, '.checkpoint')).toReversed();
  expect(first).toBeDefined();
  expect(others.length).toBeLessThanOrEqual(1);
});

test.each([
  ['goes on', { retention: { days: 30 }, clock: clockAt({ days: 31 }) }, 15],
  ['ends without harm when its policy is gone', {}, 4],
])('a deletion that died half-way %s', async (_, options, first) => {
  const directory = await temporaryDirectory();
  await segments(directory, 3);
  const audit = await open(directory);
  await audit.append({ type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: 12 } });
  await audit.close();
  await rm(join(directory, (await names(directory, '.jsonl'))[0] ?? ''));
  await (await open(directory, options)).close();
  expect((await readAll(directory)).records[0]?.seq).toBe(first);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, missing: 0 });
  await (await open(directory)).close();
  expect(await verifyAuditLog(directory)).toMatchObject({ content: 'PASS', completeness: 'PASS', missing: 0 });
});

test('no file that somebody puts into the directory deletes anything', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 3);
  const planted = ['00000000000000000008', '00000000000000099999'].map((at) => `audit-pod-a-${at}.jsonl.retention`);
  for (const file of planted) await writeFile(join(directory, file), '{"v":1,"retainedFrom":99999}');
  await writeFile(join(directory, 'export-pod-a-siem.cursor'), '{"v":1,"stream":"pod-a","seq":3,"segment":null}');
  await (await open(directory, { exports: ['siem'] })).close();
  const audit = await open(directory, { exports: ['siem'], retention: { bytes: 1 } });
  for (let index = 0; index < 20; index++) await audit.append(deny());
  await audit.close();
  const { records } = await readAll(directory);
  expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 36 }, (_, index) => index));
  expect(await names(directory, '.retention')).toEqual(planted);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, denies: 20, missing: 0 });
});

test('the segment that is written stays, also when a file beside it says that it is not the last one', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 2);
  const before = await names(directory, '.jsonl');
  await writeFile(join(directory, 'audit-pod-a-00000000000000000006.jsonl'), '');
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const retention = new Retention({
    ...{ directory, stream: 'pod-a', exports: [], policy: { bytes: 1 }, clock: clockAt({ days: 0 }), log: quiet },
    record: () => Promise.resolve(),
    written: () => ({ checkpointed: 8, openFrom: 4, end: 8 }),
  });
  await retention.run();
  expect(await names(directory, '.jsonl')).toEqual([before[1], 'audit-pod-a-00000000000000000006.jsonl']);
});

test.each<[string, string | undefined, number]>([
  ['has not begun', undefined, 0],
  ['has come half-way', '{"v":1,"stream":"pod-a","seq":9,"segment":null}', 8],
  ['has a cursor of another stream', '{"v":1,"stream":"pod-b","seq":9,"segment":null}', 0],
  ['has a cursor from behind the end of the log', '{"v":1,"stream":"pod-a","seq":999,"segment":null}', 0],
])('what an export of the configuration still has to send is kept when it %s', async (_, cursor, first) => {
  const directory = await temporaryDirectory();
  await segments(directory, 4);
  await segments(directory, 2, 'pod-old');
  if (cursor !== undefined) await writeFile(join(directory, 'export-pod-a-siem.cursor'), cursor);
  await writeFile(join(directory, 'export-pod-a-done.cursor'), '{"v":1,"stream":"pod-a","seq":16,"segment":null}');
  const options = { exports: ['siem', 'done'], retention: { days: 1 }, clock: clockAt({ days: 9 }) };
  await (await open(directory, options)).close();
  expect((await readAll(directory, 'pod-a')).records[0]?.seq).toBe(first);
  // The exports send what other writers left as well.
  expect((await readAll(directory, 'pod-old')).records[0]?.seq).toBe(0);
});

test('deleting again what is deleted does no harm', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 3);
  expect(await deleteBefore(directory, 'pod-a', 8)).toBe(2);
  expect(await deleteBefore(directory, 'pod-a', 8)).toBe(0);
  expect(await names(directory, '.jsonl')).toHaveLength(1);
});

test('a log that begins later and does not say why has a gap', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 3);
  await deleteBefore(directory, 'pod-a', 4);
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, missing: 4 });
  expect(report.findings).toMatchObject([{ code: 'gap', problem: 'records 0 to 3 are missing' }]);
});

test('a log that begins later than retention says has a gap', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 3);
  const audit = await open(directory);
  await audit.append({ type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: 4 } });
  await audit.close();
  await deleteBefore(directory, 'pod-a', 8);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: false, missing: 8 });
});

test('old segments of writers that are gone are deleted as well, down to the one that says so', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 3, 'pod-old');
  await segments(directory, 1);
  const options = { retention: { days: 30 }, clock: clockAt({ days: 31 }) };
  for (const first of [8, 12]) {
    const audit = await open(directory, options);
    await vi.waitFor(async () => expect((await readAll(directory, 'pod-old')).records[0]?.seq).toBe(first));
    await audit.close();
  }
  const { records } = await readAll(directory, 'pod-old');
  const pass = ['audit.started', 'audit.rotated', 'audit.stopped'];
  expect(records.map(({ type }) => type)).toEqual([...pass, ...pass]);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, missing: 0 });
  expect(await names(directory, '.lock')).toEqual([]);
});

test('a file that was touched lately is not old, whatever its records say', async () => {
  const directory = await temporaryDirectory();
  await segments(directory, 2);
  const shift = { days: 31 };
  const touched = (Date.now() + 30 * day) / 1000;
  for (const file of await names(directory, '.jsonl')) await utimes(join(directory, file), touched, touched);
  await (await open(directory, { retention: { days: 30 }, clock: clockAt(shift) })).close();
  expect((await readAll(directory)).records[0]?.seq).toBe(0);
});
