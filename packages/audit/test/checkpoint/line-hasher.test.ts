import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineHasher } from '../../src/checkpoint/line-hasher.ts';
import { createTree } from '../../src/index.ts';
import { rootOfLines } from '../support/check-evidence.ts';

const block = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

test('lines become leaves in their order, however they are cut into blocks', async () => {
  const line = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\n', ' '));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(line, { maxLength: 20 }), { maxLength: 10 }),
      fc.boolean(),
      async (blocks, wait) => {
        const tree = createTree();
        const hasher = new LineHasher(tree);
        for (const lines of blocks) {
          hasher.add([block(lines), Buffer.alloc(0)]);
          if (wait) await hasher.drained();
        }
        hasher.finish();
        expect(hasher.waiting).toBe(false);
        expect(tree.root()).toEqual(rootOfLines(blocks.flat().map((text) => Buffer.from(text))));
      },
    ),
  );
});

test('lines wait for the event loop, but not more of them than memory should hold', async () => {
  const tree = createTree();
  const hasher = new LineHasher(tree);
  const lines = Array.from({ length: 1000 }, (_, index) => `${index} ${'x'.repeat(1000)}`);
  hasher.add([block(lines)]);
  expect(tree.size).toBe(0);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(tree.size).toBeGreaterThan(0);
  expect(tree.size).toBeLessThan(1000);
  await hasher.drained();
  expect(tree.size).toBe(1000);
  for (let index = 0; index < 20; index++) hasher.add([block(lines)]);
  expect(tree.size).toBeGreaterThan(9000);
  await hasher.drained();
  expect(tree.root()).toEqual(
    rootOfLines(
      Array.from({ length: 21 }, () => lines)
        .flat()
        .map((line) => Buffer.from(line)),
    ),
  );
});
