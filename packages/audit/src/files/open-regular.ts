import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file of the directory. A link is not followed, a pipe is not waited for, and what is no file is refused: who can write the
 * directory must not stop whoever reads it, nor lead them elsewhere.
 *
 * `flags`: as of `fs.open`, default to read. Rejects with the error of the system call, and with `EISDIR` or `ENOTSUP` for what is no file.
 */
export async function openRegular(
  path: string,
  flags: number = constants.O_RDONLY,
  mode?: number,
): Promise<FileHandle> {
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode);
  try {
    const stats = await handle.stat();
    if (stats.isFile()) return handle;
    const code = stats.isDirectory() ? 'EISDIR' : 'ENOTSUP';
    throw Object.assign(new Error(`${code}: it is no regular file`), { code });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
