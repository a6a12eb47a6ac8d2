import { open } from 'node:fs/promises';
import { SetupError } from '@sallyport/core';
import type { OpenRevocationFileOptions, RevocationFile } from './revocation-file.ts';
import { messageOf, WatchedFile } from './watched-file.ts';

/**
 * Opens a revocation file (one JSON object a line, append-only) and watches it: what is appended is honoured within one second. A line
 * that is taken out of the file goes on being honoured until the process ends.
 *
 * It fails closed. A file that can not be read, that others may write to, or that has a line which is not understood may hold a
 * revocation nobody knows: at the start that is an error, later every token is refused with `store_down` until the file is right again.
 *
 * Rejects with `SetupError` `ERR_REVOCATION_FILE`.
 */
export async function openRevocationFile(options: OpenRevocationFileOptions): Promise<RevocationFile> {
  const watched = new WatchedFile(options);
  try {
    await (await open(options.path, 'a', 0o600)).close();
  } catch (error) {
    throw unusable(options.path, `can not be opened: ${messageOf(error)}`, error);
  }
  await watched.refresh();
  const { problem } = watched.status();
  if (problem !== undefined) throw unusable(options.path, problem);
  watched.start();
  return watched;
}

function unusable(file: string, problem: string, cause?: unknown): SetupError {
  const remedy = 'correct or remove the line, or name a file of mode 0600 that the server may read and write';
  return new SetupError({ code: 'ERR_REVOCATION_FILE', file, problem, remedy, cause });
}
