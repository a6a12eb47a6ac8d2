import { open } from 'node:fs/promises';
import { errorCode } from '../log/error-code.ts';

/** File systems that can not sync a directory say so with one of these; a rename there is as durable as it gets. */
const unsupported: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'EISDIR',
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'ENOSYS',
  'EBADF',
]);

/** Makes the names of a directory durable: a file that was created or renamed in it survives a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  let handle;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } catch (error) {
    if (!unsupported.has(errorCode(error))) throw error;
  } finally {
    await handle?.close();
  }
}
