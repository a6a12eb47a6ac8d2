import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordLine } from '../../src/segment/record-line.ts';
import { nodeSegmentFileSystem, type SegmentFileSystem } from '../../src/segment/segment-file-system.ts';
import { SegmentStore } from '../../src/segment/segment-store.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const first = 'audit-a-00000000000000000005.jsonl';

function lines(count: number): RecordLine[] {
  return Array.from({ length: count }, () => ({ head: '{"seq":', tail: '}' }));
}

async function store(
  fileSystem: SegmentFileSystem = nodeSegmentFileSystem,
): Promise<{ store: SegmentStore; directory: string }> {
  const directory = await temporaryDirectory();
  return { store: new SegmentStore({ directory, stream: 'a', nextSeq: 5, fileSystem }), directory };
}

test('numbers go on from batch to batch and from segment to segment', async () => {
  const { store: segments, directory } = await store();
  await segments.begin(lines(2));
  await segments.append(lines(1));
  await segments.begin(lines(1));
  await segments.close();
  expect(await readFile(join(directory, first), 'utf8')).toBe('{"seq":5}\n{"seq":6}\n{"seq":7}\n');
  expect(await readFile(join(directory, 'audit-a-00000000000000000008.jsonl'), 'utf8')).toBe('{"seq":8}\n');
  expect(segments.nextSeq).toBe(9);
});

test('many records of one step stand in one segment', async () => {
  const { store: segments, directory } = await store();
  await segments.begin(lines(5000));
  const content = (await readFile(join(directory, first), 'utf8')).trimEnd().split('\n');
  expect(content).toHaveLength(5000);
  expect(content.at(-1)).toBe('{"seq":5004}');
});

test('a segment has no name until its first records are durable', async () => {
  const disk = new FaultyDisk();
  const { store: segments, directory } = await store(disk);
  for (const fault of ['writeError', 'syncError', 'createError'] as const) {
    disk[fault] = 'EIO';
    await expect(segments.begin(lines(1))).rejects.toThrow('EIO');
    expect(await readdir(directory)).toEqual([]);
    disk.repair();
  }
  expect(segments.nextSeq).toBe(5);
});

test('a segment that has its name but may lose it in a power cut is written once more', async () => {
  const disk = new FaultyDisk();
  const { store: segments, directory } = await store(disk);
  disk.directoryError = 'EIO';
  await expect(segments.begin(lines(3))).rejects.toThrow('EIO');
  disk.repair();
  await segments.begin(lines(1));
  expect(await readFile(join(directory, first), 'utf8')).toBe('{"seq":5}\n');
});

test('a number that was not acknowledged is given again', async () => {
  const disk = new FaultyDisk();
  const { store: segments, directory } = await store(disk);
  await segments.begin(lines(1));
  disk.syncError = 'EIO';
  await expect(segments.append(lines(3))).rejects.toThrow('EIO');
  disk.repair();
  await segments.begin(lines(1));
  expect((await readdir(directory)).sort()).toEqual([first, 'audit-a-00000000000000000006.jsonl']);
});

test('a file that failed once takes nothing more', async () => {
  const disk = new FaultyDisk();
  const { store: segments } = await store(disk);
  await segments.begin(lines(1));
  disk.writeError = 'EIO';
  await expect(segments.append(lines(1))).rejects.toThrow('EIO');
  disk.repair();
  await expect(segments.append(lines(1))).rejects.toThrow('no segment is open');
});

test('a segment of somebody else is never replaced', async () => {
  const { store: segments, directory } = await store();
  await writeFile(join(directory, first), 'theirs');
  await expect(segments.begin(lines(1))).rejects.toThrow('exists already');
  expect(await readFile(join(directory, first), 'utf8')).toBe('theirs');
});

test('the draft of a start that died is replaced', async () => {
  const { store: segments, directory } = await store();
  await writeFile(join(directory, `${first}.new`), 'half a li');
  await segments.begin(lines(1));
  expect(await readdir(directory)).toEqual([first]);
});

// What is written to a file without a name is durable and lost.
test.each<[string, (path: string) => Promise<void>]>([
  ['removed', (path) => rm(path)],
  ['moved', (path) => rename(path, `${path}.old`)],
  ['replaced', (path) => rename(path, `${path}.old`).then(() => writeFile(path, 'theirs'))],
])('nothing is confirmed in a segment that was %s, and the next one has the same number', async (_how, change) => {
  const { store: segments, directory } = await store();
  await segments.begin(lines(1));
  await change(join(directory, first));
  await expect(segments.append(lines(2))).rejects.toThrow('was removed, moved or replaced');
  expect(segments.nextSeq).toBe(6);
  await expect(segments.append(lines(1))).rejects.toThrow('no segment is open');
  await segments.begin(lines(2));
  expect(await readFile(join(directory, 'audit-a-00000000000000000006.jsonl'), 'utf8')).toBe('{"seq":6}\n{"seq":7}\n');
});

test('nothing is confirmed in a segment that lost its name as soon as it had it', async () => {
  const disk = new FaultyDisk();
  const { store: segments } = await store(disk);
  disk.nameless = true;
  await expect(segments.begin(lines(1))).rejects.toThrow('was removed, moved or replaced');
  expect(segments.nextSeq).toBe(5);
});

test('nothing is confirmed when the stream was taken over while bytes were on their way', async () => {
  const directory = await temporaryDirectory();
  let taken = false;
  const requireHeld = (): void => {
    if (taken) throw new Error('taken over');
  };
  const options = { directory, stream: 'a', nextSeq: 5, fileSystem: nodeSegmentFileSystem, requireHeld };
  const segments = new SegmentStore(options);
  await segments.begin(lines(1));
  taken = true;
  await expect(segments.append(lines(1))).rejects.toThrow('taken over');
  await expect(segments.begin(lines(1))).rejects.toThrow('taken over');
  expect(segments.nextSeq).toBe(6);
  expect(await readdir(directory)).toEqual([first]);
});
