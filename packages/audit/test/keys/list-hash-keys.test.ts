import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashKeyId } from '../../src/keys/hash-key-id.ts';
import { listHashKeys } from '../../src/keys/list-hash-keys.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];

async function use(directory: string, stream: string, ...keys: readonly Uint8Array[]): Promise<void> {
  for (const key of keys) await (await hashKeyId(directory, stream, key)).confirm();
}

test('the hash keys of every stream are listed by their ids, with the key where it is at hand', async () => {
  const directory = await temporaryDirectory();
  await use(directory, 'pod-a', first, second, first);
  await use(directory, 'pod-b', second);
  await writeFile(join(directory, 'hash-pod-b.key'), second.toString('base64'), { mode: 0o600 });
  expect(await listHashKeys(directory)).toEqual([
    { stream: 'pod-a', keyId: 'k1', current: true },
    { stream: 'pod-a', keyId: 'k2', current: false },
    { stream: 'pod-b', keyId: 'k1', current: true, key: second },
  ]);
  expect(await listHashKeys(directory, [first, third])).toMatchObject([
    { key: first },
    { keyId: 'k2' },
    { key: second },
  ]);
});

test('a directory without lists of keys has none, and other files in it do not matter', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'hash-dir.ids.d'));
  await writeFile(join(directory, 'hash-..ids'), '{');
  await writeFile(join(directory, 'hash-pod-a.key'), first.toString('base64'), { mode: 0o600 });
  expect(await listHashKeys(directory)).toEqual([]);
});

test('a key that others can read, and a list that is none, are refused', async () => {
  const directory = await temporaryDirectory();
  await use(directory, 'pod-a', first);
  const file = join(directory, 'hash-pod-a.key');
  await writeFile(file, first.toString('base64'));
  await chmod(file, 0o640);
  await expect(listHashKeys(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY', file });
  await chmod(file, 0o600);
  await writeFile(join(directory, 'hash-pod-a.ids'), '{}');
  await expect(listHashKeys(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
});
