import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../log/error-code.ts';
import { openRegular } from './open-regular.ts';

export interface SmallFile {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

const maxBytes = 1024 * 1024;

/**
 * Reads a small text file; `undefined` when there is none. A link is not followed, a pipe is not waited for.
 * Rejects with the error of the system call, and for a file of more than 1 MiB.
 */
export async function readSmallFile(path: string): Promise<SmallFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await openRegular(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mode, size } = await handle.stat();
    if (size > maxBytes) throw new Error('the file is too large');
    return { text: await handle.readFile('utf8'), mode: mode & 0o777 };
  } finally {
    await handle.close();
  }
}
