import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@sallyport/core';
import { openRegular } from '../files/open-regular.ts';
import { errorCode } from '../log/error-code.ts';
import { syncDirectory } from '../segment/sync-directory.ts';
import type { StreamState } from './inspect-stream.ts';

const chunkBytes = 256 * 1024;

/**
 * Sets the unfinished end of a segment apart, and returns what the next segment says about it.
 *
 * The segment itself is evidence and is not changed: the bytes are copied to `<segment>.torn`. A file that holds nothing but
 * unfinished bytes is renamed instead, because its name belongs to the record that was never finished.
 */
export async function quarantineTail(directory: string, torn: NonNullable<StreamState['torn']>): Promise<JsonObject> {
  const { file } = torn.segment;
  const path = join(directory, file);
  const sha256 = await digest(path, torn.offset);
  const kept = await freeName(directory, file, sha256);
  const side = join(directory, kept);
  if (torn.whole) await rename(path, side);
  else await copyTail(path, torn.offset, side);
  await syncDirectory(directory);
  return { file, offset: torn.offset, bytes: torn.bytes, sha256: `sha256:${sha256}`, kept };
}

async function copyTail(path: string, offset: number, side: string): Promise<void> {
  const draft = `${side}.new`;
  await rm(draft, { force: true });
  const target = await open(draft, 'wx', 0o600);
  try {
    for await (const chunk of chunks(path, offset)) await target.appendFile(chunk);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(draft, side);
}

/** A name that is not taken, or whose file holds the very same bytes: a start that died here has made the copy already. */
async function freeName(directory: string, file: string, sha256: string): Promise<string> {
  for (let number = 0; ; number++) {
    const side = number === 0 ? `${file}.torn` : `${file}.torn.${number}`;
    try {
      if ((await digest(join(directory, side), 0)) === sha256) return side;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return side;
      throw error;
    }
  }
}

async function digest(path: string, offset: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks(path, offset)) hash.update(chunk);
  return hash.digest('hex');
}

async function* chunks(path: string, offset: number): AsyncGenerator<Buffer, void, undefined> {
  const handle = await openRegular(path);
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let position = offset; ;) {
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
