import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { maxLineBytes, readLines, type Line } from '../../src/segment/read-lines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function linesOf(content: string | Buffer): Promise<Line[]> {
  const path = join(await temporaryDirectory(), 'lines');
  await writeFile(path, content);
  const all: Line[] = [];
  for await (const lines of readLines(path)) all.push(...lines);
  return all;
}

test('lines have their number, offset and length', async () => {
  const lines = await linesOf('one\n\nthree\nfour');
  expect(
    lines.map(({ bytes, number, offset, length, terminated }) => [
      bytes.toString(),
      number,
      offset,
      length,
      terminated,
    ]),
  ).toEqual([
    ['one', 1, 0, 3, true],
    ['', 2, 4, 0, true],
    ['three', 3, 5, 5, true],
    ['four', 4, 11, 4, false],
  ]);
});

test('an empty file has no lines', async () => {
  expect(await linesOf('')).toEqual([]);
});

test('lines longer than a read are put together', async () => {
  const long = 'x'.repeat(700_000);
  const lines = await linesOf(`a\n${long}\n${long}y\nb\n`);
  expect(lines.map((line) => line.bytes.toString())).toEqual(['a', long, `${long}y`, 'b']);
  expect(lines.map((line) => line.offset)).toEqual([0, 2, 700_003, 1_400_005]);
});

test('only a line feed ends a line', async () => {
  expect((await linesOf('a\rb\u2028c\u0085d\n')).map((line) => line.bytes.toString())).toEqual(['a\rb\u2028c\u0085d']);
});

test('a line beyond the limit is counted and not held', async () => {
  const lines = await linesOf(Buffer.concat([Buffer.alloc(maxLineBytes + 10), Buffer.from('\nb\n')]));
  expect(lines.map(({ bytes, length, offset }) => [bytes.length, length, offset])).toEqual([
    [0, maxLineBytes + 10, 0],
    [1, 1, maxLineBytes + 11],
  ]);
});
