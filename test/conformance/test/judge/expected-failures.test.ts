import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readExpectedFailures } from '../../src/judge/expected-failures.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'expected-failures-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('The file of this package can be read.', async () => {
  const file = fileURLToPath(new URL('../../expected-failures.yaml', import.meta.url));
  expect((await readExpectedFailures(file)).has('tasks-lifecycle')).toBe(true);
});

test.each([
  ['a scenario of another kind', 'server: [tasks-a, tools-list]'],
  ['a section nobody reads', 'server: []\nclient: []'],
])('A file with %s is refused.', async (_what, text) => {
  const file = join(directory, 'expected.yaml');
  await writeFile(file, text);
  await expect(readExpectedFailures(file)).rejects.toThrow();
});
