import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadHashKey, parseHashKey } from '../../src/keys/hash-key.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));

test('a hash key is raw bytes, hexadecimal, Base64 or Base64url', () => {
  expect(parseHashKey(key)).toEqual(key);
  expect(parseHashKey(key.toString('hex'))).toEqual(key);
  expect(parseHashKey(key.toString('hex').toUpperCase())).toEqual(key);
  expect(parseHashKey(key.toString('base64'))).toEqual(key);
  expect(parseHashKey(key.toString('base64url'))).toEqual(key);
  expect(parseHashKey(` ${key.toString('base64')}\n`)).toEqual(key);
});

test.each([
  ['raw bytes that are too few', key.subarray(1)],
  ['hexadecimal of 31 bytes', key.subarray(1).toString('hex')],
  ['Base64 of 31 bytes', key.subarray(1).toString('base64')],
  ['a passphrase', 'correct horse battery staple correct horse battery staple'],
  ['nothing', ''],
])('%s is refused', (_, value) => {
  expect(() => parseHashKey(value)).toThrow(expect.objectContaining({ code: 'ERR_AUDIT_KEY', field: 'audit.hashKey' }));
});

test('without a configured key one is made beside the log, for its owner alone, and found again', async () => {
  const directory = await temporaryDirectory();
  const made = await loadHashKey(directory, 'pod-a', undefined);
  const file = join(directory, 'hash-pod-a.key');
  expect(made).toMatchObject({ origin: 'generated', file });
  expect(made.key).toHaveLength(32);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const found = await loadHashKey(directory, 'pod-a', undefined);
  expect(found.origin).toBe('file');
  expect(Buffer.from(found.key)).toEqual(Buffer.from(made.key));
});

test('a configured key is used and nothing is written', async () => {
  const directory = await temporaryDirectory();
  expect(await loadHashKey(directory, 'pod-a', key.toString('hex'))).toEqual({ key, origin: 'config' });
  await expect(readFile(join(directory, 'hash-pod-a.key'))).rejects.toThrow();
});

test.each(['0640', '0604', '0660'])('a key file of mode %s is refused', async (mode) => {
  const directory = await temporaryDirectory();
  const { file } = await loadHashKey(directory, 'pod-a', undefined);
  await chmod(file ?? '', Number.parseInt(mode, 8));
  await expect(loadHashKey(directory, 'pod-a', undefined)).rejects.toMatchObject({
    code: 'ERR_AUDIT_KEY',
    message: expect.stringMatching(/accessible to others.*chmod 600/),
  });
});

test('a key file without a key is refused and left as it is', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'hash-pod-a.key');
  await writeFile(file, 'too short\n', { mode: 0o600 });
  await expect(loadHashKey(directory, 'pod-a', undefined)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
  expect(await readFile(file, 'utf8')).toBe('too short\n');
});

test('a key file that is a link or a directory is refused', async () => {
  const directory = await temporaryDirectory();
  await symlink('/etc/hostname', join(directory, 'hash-link.key'));
  await mkdir(join(directory, 'hash-folder.key'), { mode: 0o700 });
  await expect(loadHashKey(directory, 'link', undefined)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
  await expect(loadHashKey(directory, 'folder', undefined)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
});

test('half a key of a start that died is no key', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'hash-pod-a.key.new'), 'half', { mode: 0o600 });
  expect(await loadHashKey(directory, 'pod-a', undefined)).toMatchObject({ origin: 'generated' });
});

test('a key that can not be written is a mistake to report at start', async () => {
  await expect(loadHashKey('/proc/nowhere', 'pod-a', undefined)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
});
