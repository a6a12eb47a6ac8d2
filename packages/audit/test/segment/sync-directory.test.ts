import { expect, test } from 'vitest';
import { syncDirectory } from '../../src/segment/sync-directory.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a directory on disk is synced', async () => {
  await expect(syncDirectory(await temporaryDirectory())).resolves.toBeUndefined();
});

test('a file system that can not sync directories is taken as it is', async () => {
  await expect(syncDirectory('/proc/self')).resolves.toBeUndefined();
});

test('a directory that is not there is an error', async () => {
  await expect(syncDirectory('/nowhere')).rejects.toMatchObject({ code: 'ENOENT' });
});
