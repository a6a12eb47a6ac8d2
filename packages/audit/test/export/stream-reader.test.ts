import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StreamReader, type ReadDamage } from '../../src/export/stream-reader.ts';
import { segmentName } from '../../src/segment/segment-name.ts';
import { ExportLog } from '../support/export-log.ts';

const limits = { records: 1000, bytes: 1024 * 1024 };

function read(log: ExportLog, seq = 0): { reader: StreamReader; damage: ReadDamage[]; next(): Promise<number[]> } {
  const damage: ReadDamage[] = [];
  const { directory, stream } = log;
  const reader = new StreamReader({
    directory,
    stream,
    seq,
    confirmed: () => log.confirmed(),
    ownFrom: () => 0,
    onDamage: (found) => void damage.push(found),
  });
  onTestFinished(() => reader.close());
  return { reader, damage, next: async () => (await reader.next(limits)).map((item) => item.seq) };
}

const path = (log: ExportLog, firstSeq: number): string => join(log.directory, segmentName('pod-a', firstSeq).file);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe('the reader of a log that is being written', () => {
  test('gives out what is acknowledged, and nothing else', async () => {
    const log = await ExportLog.create();
    await log.rotate(10);
    log.held = 4;
    const { next } = read(log);
    expect(await next()).toEqual([0, 1, 2, 3]);
    expect(await next()).toEqual([]);
    log.held = 7;
    expect(await next()).toEqual([4, 5, 6]);
  });

  test('follows it from segment to segment', async () => {
    const log = await ExportLog.create();
    await log.rotate(3);
    const { next, damage } = read(log);
    expect(await next()).toEqual([0, 1, 2]);
    await log.write(2);
    await log.rotate(1);
    await log.rotate(2);
    expect(await next()).toEqual([3, 4, 5, 6, 7]);
    await log.write(1);
    expect(await next()).toEqual([8]);
    expect(damage).toEqual([]);
  });

  test('never gives out a record that was written and then superseded', async () => {
    const log = await ExportLog.create();
    await log.rotate(3);
    const { next, damage } = read(log);
    // A write whose sync failed: two whole lines and a torn one are in the file, nobody was told that they are.
    const line = await firstLine(log);
    await appendFile(
      path(log, 0),
      `${line.replace('"seq":0', '"seq":3')}\n${line.replace('"seq":0', '"seq":4')}\n{"v":1,"se`,
    );
    expect(await next()).toEqual([0, 1, 2]);
    expect(await next()).toEqual([]);
    await log.rotate(4);
    const again = read(log);
    expect((await again.reader.next(limits)).map((item) => item.record.id)).not.toContain(JSON.parse(line) as never);
    expect(await next()).toEqual([3, 4, 5, 6]);
    expect(new Set((await read(log).reader.next(limits)).map(({ record }) => record.id)).size).toBe(7);
    expect(damage).toEqual([]);
  });

  test('begins in the middle of any segment', async () => {
    const log = await ExportLog.create();
    for (const count of [4, 1, 5]) await log.rotate(count);
    for (const from of range(0, 11)) expect(await read(log, from).next(), String(from)).toEqual(range(from, 10));
  });

  test('keeps to its limits, and lets a record that is larger go alone', async () => {
    const log = await ExportLog.create();
    await log.rotate(5);
    const { reader } = read(log);
    expect(await reader.next({ records: 2, bytes: 1e6 })).toHaveLength(2);
    expect(await reader.next({ records: 10, bytes: 10 })).toHaveLength(1);
    const [{ line } = { line: Buffer.alloc(0) }] = await reader.next({ records: 10, bytes: 10 });
    expect(await read(log).reader.next({ records: 10, bytes: line.length * 2 + 40 })).toHaveLength(2);
  });

  test('gives out lines byte for byte, also across the blocks in which it reads', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const long = { type: 'config.loaded', detail: { note: 'ä€😀'.repeat(200) } } as const;
    await log.write(400, () => long);
    const { reader } = read(log);
    const lines: string[] = [];
    for (let items = await reader.next(limits); items.length > 0; items = await reader.next(limits))
      lines.push(...items.map(({ line }) => line.toString('utf8')));
    expect(`${lines.join('\n')}\n`).toBe(await readFile(path(log, 0), 'utf8'));
  });
});

describe('what is damaged is told once and passed over', () => {
  test('a segment that is gone', async () => {
    const log = await ExportLog.create();
    for (const count of [3, 4, 2]) await log.rotate(count);
    await rm(path(log, 3));
    const { next, damage } = read(log);
    expect(await next()).toEqual([0, 1, 2, 7, 8]);
    expect(damage).toMatchObject([{ kind: 'missing', from: 3, to: 7 }]);
  });

  test('everything before the first segment, when retention went past the reader', async () => {
    const log = await ExportLog.create();
    for (const count of [3, 4]) await log.rotate(count);
    await rm(path(log, 0));
    const { next, damage } = read(log, 1);
    expect(await next()).toEqual([3, 4, 5, 6]);
    expect(damage).toMatchObject([{ kind: 'missing', from: 1, to: 3 }]);
  });

  test('lines that are no records, and records of another stream', async () => {
    const log = await ExportLog.create();
    await log.rotate(2);
    const line = await firstLine(log);
    await appendFile(path(log, 0), `not a record\n\n${line.replace('"stream":"pod-a"', '"stream":"pod-b"')}\n`);
    await log.store.append([
      { head: line.slice(0, line.indexOf('"seq":') + 6), tail: line.slice(line.indexOf('"seq":') + 7) },
    ]);
    const { next, damage } = read(log);
    expect(await next()).toEqual([0, 1, 2]);
    expect(damage.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable']);
  });

  test('an end that is cut off: the reader waits there, and goes on when there is more', async () => {
    const log = await ExportLog.create();
    await log.rotate(4);
    const line = await firstLine(log);
    await writeFile(path(log, 0), `${line}\n`);
    const { next, damage } = read(log);
    expect(await next()).toEqual([0]);
    expect(await next()).toEqual([]);
    await log.rotate(1);
    expect(await next()).toEqual([4]);
    expect(damage).toMatchObject([{ kind: 'missing', from: 1, to: 4 }]);
  });
});

async function firstLine(log: ExportLog): Promise<string> {
  return (await readFile(path(log, 0), 'utf8')).split('\n', 1)[0] ?? '';
}
