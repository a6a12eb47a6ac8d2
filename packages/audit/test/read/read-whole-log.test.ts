import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWholeLog, scanAuditLog, verifyAuditLog, type WholeLogItem } from '../../src/index.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { deny } from '../support/entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function findingsOf(directory: string, stream?: string) {
  const items: WholeLogItem[] = [];
  for await (const item of await readWholeLog(directory, stream === undefined ? {} : { stream })) items.push(item);
  return items
    .filter((item) => item.kind === 'finding')
    .map(({ code, file, line, problem }) => [code, file, line, problem]);
}

/** A log of two segments, of four and two records. */
async function twoSegments() {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const [first, second] = [await writer.begin(started, deny(), deny(), deny()), await writer.begin(started, stopped())];
  return { directory, first, second };
}

async function edit(directory: string, file: string, change: (lines: string[]) => string[]): Promise<void> {
  const path = join(directory, file);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await writeFile(path, `${change(lines).join('\n')}\n`);
}

test('a whole log has nothing that is missing', async () => {
  const { directory } = await twoSegments();
  expect(await findingsOf(directory)).toEqual([]);
});

test('records that are missing are told where the next one stands, also between two segments', async () => {
  const { directory, first, second } = await twoSegments();
  await edit(directory, first, (lines) => lines.toSpliced(1, 1).slice(0, -1));
  expect(await findingsOf(directory)).toEqual([
    ['gap', first, 2, 'record 1 is missing'],
    ['gap', second, 1, 'record 3 is missing'],
  ]);
});

test('a record that stands there twice is told', async () => {
  const { directory, first } = await twoSegments();
  await edit(directory, first, (lines) => lines.toSpliced(1, 0, lines[1] ?? ''));
  expect(await findingsOf(directory)).toEqual([['duplicate', first, 3, 'record 1 follows record 1']]);
});

test('a beginning that is missing is told, unless retention says that it deleted it', async () => {
  const { directory, first, second } = await twoSegments();
  await rm(join(directory, first));
  expect(await findingsOf(directory)).toEqual([['gap', second, 1, 'records 0 to 3 are missing']]);
  await edit(directory, second, ([line = '', ...others]) => [
    line
      .replace('"type":"audit.started"', '"type":"audit.rotated","detail":{"retainedFrom":4}')
      .replace(/,"detail":\{\}/, ''),
    ...others,
  ]);
  expect(await findingsOf(directory)).toEqual([]);
});

test('an end that a checkpoint is about, and that is missing, is told; what is no checkpoint says nothing', async () => {
  const { directory, second } = await twoSegments();
  const checkpoint = second.replace('.jsonl', '.checkpoint');
  await writeFile(join(directory, checkpoint), 'origin/a\n6\nroot\n\n');
  expect(await findingsOf(directory)).toEqual([]);
  await edit(directory, second, (lines) => lines.slice(0, -1));
  const told = ['truncated', checkpoint, 0, 'the checkpoint is about 6 records, and the log ends with record 4'];
  expect(await findingsOf(directory)).toEqual([told]);
  await writeFile(join(directory, checkpoint), 'hello');
  expect(await findingsOf(directory)).toEqual([]);
});

test('a stream of which only the checkpoint is left is told', async () => {
  const { directory } = await twoSegments();
  const file = `audit-b-${'0'.repeat(20)}.checkpoint`;
  await writeFile(join(directory, file), 'origin/b\n3\nroot\n\n');
  expect(await findingsOf(directory)).toEqual([
    ['truncated', file, 0, 'the checkpoint is about 3 records, and none of them is here'],
  ]);
  expect(await findingsOf(directory, 'a')).toEqual([]);
});

test('a directory without a log is no empty log', async () => {
  const { directory } = await twoSegments();
  await expect(findingsOf(directory, 'c')).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  await expect(findingsOf(await temporaryDirectory())).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  await expect(findingsOf('/nowhere')).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY', file: '/nowhere' });
});

const packed = 'the segment is compressed, or renamed, and was not read: unpack it under its old name';

/** What a scan and verification say of files. */
async function everyReader(directory: string) {
  const scanned: string[][] = [];
  const work = { create: () => ({ take: () => undefined }), module: '', data: undefined };
  for await (const { findings } of scanAuditLog(directory, work))
    scanned.push(...findings.map(({ code, file }) => [code, file]));
  const { findings } = await verifyAuditLog(directory);
  return { scanned, verified: findings.filter(({ code }) => code === 'unreadable').map(({ file }) => file) };
}

test('a last segment that was compressed is told, by every reader', async () => {
  const { directory, second } = await twoSegments();
  await rename(join(directory, second), join(directory, `${second}.gz`));
  expect(await findingsOf(directory)).toContainEqual(['unreadable', `${second}.gz`, 0, packed]);
  const { scanned, verified } = await everyReader(directory);
  expect(scanned).toContainEqual(['unreadable', `${second}.gz`]);
  expect(verified).toEqual([`${second}.gz`]);
});

test('a stream that was compressed as a whole is told beside another, unless another stream is asked for', async () => {
  const { directory } = await twoSegments();
  const file = await new DeadWriter(directory, 'b').begin(started, stopped());
  await rename(join(directory, file), join(directory, `${file}.zst`));
  expect(await findingsOf(directory)).toContainEqual(['unreadable', `${file}.zst`, 0, packed]);
  expect(await findingsOf(directory, 'a')).toEqual([]);
  const { scanned, verified } = await everyReader(directory);
  expect(scanned).toContainEqual(['unreadable', `${file}.zst`]);
  expect(verified).toEqual([`${file}.zst`]);
});

test('what stands beside a segment, the torn end of one, and what was before the beginning is not told as one', async () => {
  const { directory, first, second } = await twoSegments();
  for (const name of [`${second}.gz`, `${first}.gz`, `${second}.torn`, `${second}.torn.1`])
    await copyFile(join(directory, second), join(directory, name));
  const after = second.replace(/[0-9]{20}/, '0'.repeat(19) + '9');
  for (const end of ['torn', 'torn.2', 'torn.new'])
    await copyFile(join(directory, second), join(directory, `${after}.${end}`));
  expect(await findingsOf(directory)).toEqual([]);
  expect((await everyReader(directory)).scanned).toEqual([]);
});
