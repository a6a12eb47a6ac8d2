import { constants, lstat, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SetupError } from '@sallyport/core';
import type { OpenRevocationFileOptions, RevocationFile } from './revocation-file.ts';
import { messageOf, WatchedFile } from './watched-file.ts';

/**
 * Opens a revocation file (one JSON object a line, append-only) and watches it: what is appended is honoured within one second. A line
 * that is taken out of the file goes on being honoured until the process ends.
 *
 * It fails closed. A symbolic link is not followed, and the folder must not be one where anybody may put another file in its place: one
 * that all may write to needs the sticky bit. A file that can not be read, that others may write to, or that has a line which is not understood may hold a
 * revocation nobody knows: at the start that is an error, later every token is refused with `store_down` until the file is right again.
 *
 * Rejects with `SetupError` `ERR_REVOCATION_FILE`.
 */
export async function openRevocationFile(options: OpenRevocationFileOptions): Promise<RevocationFile> {
  const watched = new WatchedFile(options);
  try {
    await requireSafePlace(options.path);
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    await (await open(options.path, flags, 0o600)).close();
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw unusable(options.path, `can not be opened: ${messageOf(error)}`, error);
  }
  await watched.refresh();
  const { problem } = watched.status();
  if (problem !== undefined) throw unusable(options.path, problem);
  watched.start();
  return watched;
}

async function requireSafePlace(path: string): Promise<void> {
  const { mode } = await stat(dirname(path));
  if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0)
    throw unusable(path, 'is in a folder that anybody may write to, so anybody may replace it');
  const existing = await lstat(path).catch(() => undefined);
  if (existing?.isSymbolicLink() === true) throw unusable(path, 'is a symbolic link');
}

function unusable(file: string, problem: string, cause?: unknown): SetupError {
  const remedy =
    'correct or remove the line, or name a file of mode 0600, in a folder of its own, that the server may read and write';
  return new SetupError({ code: 'ERR_REVOCATION_FILE', file, problem, remedy, cause });
}
