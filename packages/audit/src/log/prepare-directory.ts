import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { logEvent, type OperationalLogger, SetupError } from '@sallyport/core';
import { syncDirectory } from '../segment/sync-directory.ts';
import { errorText } from './error-code.ts';

/** Makes the directory when it is missing, for its owner alone. One that others can write to is used, with a warning. */
export async function prepareDirectory(directory: string, log: OperationalLogger): Promise<void> {
  try {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncDirectory(dirname(made));
    const { mode } = await stat(directory);
    if ((mode & 0o022) !== 0) {
      const seen = (mode & 0o777).toString(8).padStart(4, '0');
      logEvent(log, 'sallyport.audit.directory_shared', { directory, mode: seen });
    }
  } catch (cause) {
    throw directoryProblem(directory, cause);
  }
}

export function directoryProblem(directory: string, cause: unknown): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    file: directory,
    field: 'audit.directory',
    problem: `the audit directory can not be written (${errorText(cause)})`,
    remedy: 'give a directory that the server may write to',
    cause,
  });
}
