import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

export interface TextFile {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Why a file could not be read, as the end of a sentence about it. */
export interface ReadFault {
  readonly fault: string;
  readonly cause?: unknown;
}

const faults: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EACCES', 'can not be read: permission denied'],
  ['EPERM', 'can not be read: permission denied'],
  ['EISDIR', 'is not a regular file'],
  ['ELOOP', 'is a symbolic link that leads to itself'],
]);

/** Reads a regular file as UTF-8. Never waits for the other end of a pipe, never reads more than `maxBytes`. */
export async function readTextFile(path: string, maxBytes: number): Promise<TextFile | ReadFault> {
  if (path.includes('\0')) return { fault: 'has a name that can not exist' };
  try {
    // Without O_NONBLOCK opening a named pipe waits until somebody writes.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return { fault: 'is not a regular file' };
      const bytes = new Uint8Array(maxBytes + 1);
      let length = 0;
      while (length <= maxBytes) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > maxBytes) return { fault: `is larger than ${maxBytes} bytes` };
      const text = decode(bytes.subarray(0, length));
      return text === undefined ? { fault: 'is not UTF-8 text' } : { text, mode: stat.mode & 0o777 };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { fault: faults.get(code) ?? `can not be read: ${code}`, cause: error };
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
