import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { makeMillionLog } from './make-million-log.ts';

const parts = ['make-million-log', 'million-callers', 'million-entries', 'million-tools', 'steady-random'];

/**
 * The directory of such a log, made once and kept in the folder for temporary files: the next run finds it. Nobody may change it;
 * copy it first. Delete `sallyport-million-<uid>` there to get rid of all of them.
 */
export async function cachedMillionLog(records: number): Promise<string> {
  const parent = join(tmpdir(), `sallyport-million-${userInfo().uid}`);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(parent);
  if ((mode & 0o077) !== 0 || uid !== userInfo().uid) throw new Error(`${parent} is open to others`);
  const directory = join(parent, `${records}-${await recipe()}`);
  if (await exists(directory)) return directory;
  const unfinished = await mkdtemp(join(parent, 'unfinished-'));
  try {
    await makeMillionLog(unfinished, { records });
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another run was faster.
    if (!(await exists(directory))) throw error;
  }
  return directory;
}

/** Changes with what makes the log. */
async function recipe(): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(await readFile(new URL(`./${part}.js`, import.meta.url)));
  return hash.digest('hex').slice(0, 12);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
