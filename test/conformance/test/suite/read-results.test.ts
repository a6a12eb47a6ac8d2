import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { readResults } from '../../src/suite/read-results.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'read-results-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(folder: string, checks?: unknown): Promise<void> {
  await mkdir(join(directory, folder));
  if (checks !== undefined) await writeFile(join(directory, folder, 'checks.json'), JSON.stringify(checks));
}

test('Each folder is a scenario, named as the suite names it.', async () => {
  await write('server-sep-2164-resource-not-found-2026-11-20T23-11-07-123Z', [
    { id: 'c', name: 'C', status: 'SUCCESS', description: 'ignored' },
  ]);
  expect(await readResults(directory)).toEqual([
    { scenario: 'sep-2164-resource-not-found', checks: [{ id: 'c', name: 'C', status: 'SUCCESS' }] },
  ]);
});

test('A scenario without a result counts as failed.', async () => {
  await write('server-ping-2026-11-20T23-11-07-123Z');
  expect((await readResults(directory))[0]?.checks[0]?.status).toBe('FAILURE');
});

test('A folder or a status of an unknown kind is an error, so that nothing is overlooked.', async () => {
  await write('something');
  await expect(readResults(directory)).rejects.toThrow('unknown name');
  await rm(join(directory, 'something'), { recursive: true });
  await write('server-ping-2026-11-20T23-11-07-123Z', [{ id: 'c', name: 'C', status: 'MAYBE' }]);
  await expect(readResults(directory)).rejects.toThrow();
});
