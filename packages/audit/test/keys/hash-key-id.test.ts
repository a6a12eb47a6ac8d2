import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashKeyId } from '../../src/keys/hash-key-id.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];

async function use(directory: string, key: Uint8Array) {
  const { keyId, rotated, confirm } = await hashKeyId(directory, 'pod-a', key);
  await confirm();
  return { keyId, rotated };
}

test('the first hash key of a stream is k1, the next k2, and a key that comes back has the id it had', async () => {
  const directory = await temporaryDirectory();
  expect(await use(directory, first)).toEqual({ keyId: 'k1', rotated: undefined });
  expect(await use(directory, first)).toEqual({ keyId: 'k1', rotated: undefined });
  expect(await use(directory, second)).toEqual({ keyId: 'k2', rotated: { kind: 'hash', old: 'k1', new: 'k2' } });
  expect(await use(directory, first)).toEqual({ keyId: 'k1', rotated: { kind: 'hash', old: 'k2', new: 'k1' } });
  expect(await use(directory, third)).toEqual({ keyId: 'k3', rotated: { kind: 'hash', old: 'k1', new: 'k3' } });
});

test('a rotation whose record was not written yet is found again', async () => {
  const directory = await temporaryDirectory();
  await use(directory, first);
  for (let start = 0; start < 2; start++) {
    expect((await hashKeyId(directory, 'pod-a', second)).rotated).toEqual({ kind: 'hash', old: 'k1', new: 'k2' });
  }
});

test('the file of ids gives no key away, and a broken one stops the start', async () => {
  const directory = await temporaryDirectory();
  await use(directory, first);
  const file = join(directory, 'hash-pod-a.ids');
  const text = await readFile(file, 'utf8');
  for (const encoding of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(first.toString(encoding));
  for (const broken of ['', '{}', '{"v":1,"keys":[{"id":"k0","check":"a"}]}', '{"v":1,"keys":[1]}', '[']) {
    await writeFile(file, broken);
    await expect(hashKeyId(directory, 'pod-a', first)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY', file });
  }
});
