import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { logEvent, type OperationalLogger, SetupError } from '@sallyport/core';
import { errorCode, errorText } from '../log/error-code.ts';
import { syncDirectory } from '../segment/sync-directory.ts';

export interface HashKey {
  readonly key: Uint8Array;
  /** Where it came from: the configuration, a file beside the log, or made just now. */
  readonly origin: 'config' | 'file' | 'generated';
  /** The file, unless it came from the configuration. */
  readonly file?: string;
}

const keyBytes = 32;
const hexPattern = /^[0-9A-Fa-f]+$/;
const base64Pattern = /^[A-Za-z0-9+/_-]{43,}={0,2}$/;

/**
 * Reads a hash key from the configuration. Bytes are the key as they are. A string is hexadecimal when it consists of
 * hexadecimal digits alone, and Base64 or Base64url otherwise; white space around it is ignored. Never a passphrase: a key that can be
 * guessed gives away what it hides.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when it is neither or shorter than 32 bytes.
 */
export function parseHashKey(value: string | Uint8Array): Uint8Array {
  const key = typeof value === 'string' ? decode(value.trim()) : value;
  if (key === undefined || key.length < keyBytes) {
    throw new SetupError({
      code: 'ERR_AUDIT_KEY',
      field: 'audit.hashKey',
      problem: 'the hash key is not 32 or more bytes in hexadecimal or Base64',
      remedy: 'make one with `openssl rand -base64 32`',
    });
  }
  return key;
}

/**
 * The hash key of a stream: from the configuration, else from `hash-<stream>.key` beside the log, which is made when missing.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when the file holds no key or is accessible to anybody but its owner.
 */
export async function loadHashKey(
  directory: string,
  stream: string,
  configured: string | Uint8Array | undefined,
): Promise<HashKey> {
  if (configured !== undefined) return { key: parseHashKey(configured), origin: 'config' };
  const file = join(directory, `hash-${stream}.key`);
  const found = await readHashKeyFile(file);
  if (found !== undefined) return { key: found, origin: 'file', file };
  const key = randomBytes(keyBytes);
  await writeKeyFile(directory, file, key);
  return { key, origin: 'generated', file };
}

/** Keeps the key in a second directory of the same stream. One that is there already and is another one stays, with a warning. */
export async function keepHashKey(
  directory: string,
  stream: string,
  key: Uint8Array,
  log: OperationalLogger,
): Promise<void> {
  const file = join(directory, `hash-${stream}.key`);
  const found = await readHashKeyFile(file);
  if (found === undefined) await writeKeyFile(directory, file, Buffer.from(key));
  else if (!Buffer.from(found).equals(key)) logEvent(log, 'sallyport.audit.hash_key_mirror_differs', { file });
}

function decode(text: string): Uint8Array | undefined {
  if (hexPattern.test(text)) return text.length % 2 === 0 ? Buffer.from(text, 'hex') : undefined;
  return base64Pattern.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/**
 * Reads a hash key from a file of its own; `undefined` when there is none.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when it holds no key or is accessible to anybody but its owner.
 */
export async function readHashKeyFile(file: string): Promise<Uint8Array | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw keyProblem(
      file,
      `can not be read (${errorText(error)})`,
      'make it a plain file that the server can read',
      error,
    );
  }
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) {
      const seen = (mode & 0o777).toString(8).padStart(4, '0');
      throw keyProblem(file, `is accessible to others (mode ${seen})`, `run: chmod 600 ${file}`);
    }
    const key = decode((await handle.readFile('utf8')).trim());
    if (key === undefined || key.length < keyBytes) {
      throw keyProblem(file, 'holds no key', 'restore it, or move it away to have a new one made');
    }
    return key;
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw keyProblem(
      file,
      `can not be read (${errorText(error)})`,
      'make it a plain file that the server can read',
      error,
    );
  } finally {
    await handle.close();
  }
}

/** The key gets its name when it is durable: half a key never stays behind. */
async function writeKeyFile(directory: string, file: string, key: Buffer): Promise<void> {
  const draft = `${file}.new`;
  try {
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${key.toString('base64')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncDirectory(directory);
  } catch (error) {
    throw keyProblem(
      file,
      `can not be written (${errorText(error)})`,
      'make the directory writable, or set audit.hashKey',
      error,
    );
  }
}

function keyProblem(file: string, problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_AUDIT_KEY', file, problem: `the hash key ${problem}`, remedy, cause });
}
