import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSegment, type SegmentItem } from '../../src/segment/read-segment.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const good = {
  v: 1,
  id: 'i',
  type: 'audit.started',
  at: '2026-01-01T00:00:00.000Z',
  monoNs: '1',
  boot: 'b',
  stream: 's',
  seq: 0,
};

async function itemsOf(content: string | Buffer): Promise<SegmentItem[]> {
  const path = join(await temporaryDirectory(), 'segment');
  await writeFile(path, content);
  const all: SegmentItem[] = [];
  for await (const items of readSegment(path)) all.push(...items);
  return all;
}

function kinds(items: readonly SegmentItem[]): string[] {
  return items.map((item) => item.kind);
}

test('a bad line with lines after it is unparsable, the last one is torn', async () => {
  const line = JSON.stringify(good);
  expect(kinds(await itemsOf(`${line}\nrubbish\n${line}\nrubbish\n`))).toEqual([
    'record',
    'unparsable',
    'record',
    'torn',
  ]);
  expect(kinds(await itemsOf(`rubbish\nrubbish\n`))).toEqual(['unparsable', 'torn']);
});

test('a complete record without its line feed is torn: it was never acknowledged', async () => {
  const line = JSON.stringify(good);
  const items = await itemsOf(`${line}\n${line}`);
  expect(kinds(items)).toEqual(['record', 'torn']);
  expect(items[1]).toMatchObject({ line: 2, offset: line.length + 1, bytes: line.length });
});

test.each([
  ['an empty line', ''],
  ['zeros after a power cut', '\0\0\0\0'],
  ['an array', '[]'],
  ['another version', JSON.stringify({ ...good, v: 2 })],
  ['no sequence number', JSON.stringify({ ...good, seq: undefined })],
  ['a fraction as sequence number', JSON.stringify({ ...good, seq: 1.5 })],
  ['a negative sequence number', JSON.stringify({ ...good, seq: -1 })],
  ['no id', JSON.stringify({ ...good, id: '' })],
  ['a number as time', JSON.stringify({ ...good, monoNs: 5 })],
])('%s is no record', async (_, line) => {
  expect(kinds(await itemsOf(`${line}\n${JSON.stringify(good)}\n`))).toEqual(['unparsable', 'record']);
});

test('bytes that are not UTF-8 are no record', async () => {
  const line = Buffer.from(JSON.stringify({ ...good, id: 'X' }));
  line[line.indexOf('X')] = 0xff;
  expect(kinds(await itemsOf(Buffer.concat([line, Buffer.from('\n')])))).toEqual(['torn']);
});

test('members of a later writer are kept', async () => {
  const [item] = await itemsOf(`${JSON.stringify({ ...good, type: 'task.created', later: true })}\n`);
  expect(item).toMatchObject({ kind: 'record', record: { type: 'task.created', later: true } });
});
