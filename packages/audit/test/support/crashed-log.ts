import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openAuditLog, type OpenAuditLogOptions } from '../../src/index.ts';
import { linesOf } from './check-evidence.ts';
import { deny } from './entries.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/**
 * The directory of a log as a process leaves it that is killed right after its start: its opening is signed, and it has no lock that anybody
 * could take for alive. Gives the number of the next record.
 */
export async function crashedLog(
  options: Omit<OpenAuditLogOptions, 'directory'>,
): Promise<{ readonly directory: string; readonly nextSeq: number }> {
  const running = await temporaryDirectory();
  const closed = await openAuditLog({ ...options, directory: running });
  await closed.append(deny());
  await closed.close();
  const log = await openAuditLog({ ...options, directory: running });
  const directory = await temporaryDirectory();
  await cp(running, directory, { recursive: true });
  await log.close();
  await rm(join(directory, `audit-${options.stream}.lock`), { force: true });
  return { directory, nextSeq: (await linesOf(directory, options.stream)).length };
}
