import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readBlocks } from '../../src/verify/read-blocks.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function blocksOf(text: string): Promise<{ text: string; kind: string; offset: number }[]> {
  const file = join(await temporaryDirectory(), 'file');
  await writeFile(file, text);
  const blocks = [];
  for await (const { bytes, start, end, kind, offset } of readBlocks(file)) {
    expect(bytes[kind === 'rest' ? end : end - 1]).toBe(kind === 'too long' ? bytes[end - 1] : 0x0a);
    blocks.push({ text: bytes.toString('latin1', start, end), kind, offset });
  }
  return blocks;
}

it('gives whole lines, and what follows the last line feed', async () => {
  expect(await blocksOf('')).toEqual([]);
  expect(await blocksOf('a\nb\n')).toEqual([{ text: 'a\nb\n', kind: 'lines', offset: 0 }]);
  expect(await blocksOf('a\nb')).toEqual([
    { text: 'a\n', kind: 'lines', offset: 0 },
    { text: 'b', kind: 'rest', offset: 2 },
  ]);
});

it('puts lines of every length together, whatever a read returns', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => `${String(index).repeat(index * 997)}\n`);
  const blocks = await blocksOf(lines.join(''));
  expect(blocks.map(({ text }) => text).join('')).toBe(lines.join(''));
  expect(blocks.every(({ kind, text }) => kind === 'lines' && text.endsWith('\n'))).toBe(true);
  expect(blocks.map(({ offset }) => offset)).toEqual(
    blocks.map((_, index) => blocks.slice(0, index).reduce((sum, { text }) => sum + text.length, 0)),
  );
});

it('grows for a long line', async () => {
  const long = 'x'.repeat(3_000_000);
  const blocks = await blocksOf(`a\n${long}\nb\n`);
  expect(blocks.map(({ text }) => text).join('')).toBe(`a\n${long}\nb\n`);
});

it('passes over a line that no record comes near, in bounded memory', async () => {
  const blocks = await blocksOf(`a\n${'x'.repeat(70 * 1024 * 1024)}\nb\nc\n`);
  expect(blocks.map(({ kind }) => kind)).toEqual(['lines', 'too long', 'lines']);
  expect(blocks.at(-1)?.text).toBe('b\nc\n');
});
