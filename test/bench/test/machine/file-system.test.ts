import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { describeFileSystem } from '../../src/machine/file-system.ts';

test('A file system is described by its type and what a sync costs, and nothing stays behind.', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'file-system-'));
  try {
    const seen = await describeFileSystem(directory);
    expect(seen.type).toMatch(/^[a-z0-9._-]+$/);
    expect(seen.syncMicros).toBeGreaterThan(0);
    expect(await readdir(directory)).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
