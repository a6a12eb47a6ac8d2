import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { removedAtExit } from '../../terminal/removed-at-exit.ts';

/** A folder that nobody else may read, and that is gone at the end. */
export interface PrivateFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder in that for temporary files (`TMPDIR`), with mode 0700. It is removed, too, when the process ends. What processes left
 * there that were killed goes first: it holds a copy of a log.
 */
export async function createPrivateFolder(): Promise<PrivateFolder> {
  await removeLeft();
  const path = await mkdtemp(join(tmpdir(), `${before}${process.pid}${behind}`));
  const forget = removedAtExit(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}

/** With the name of the host: a container that shares the folder has processes of its own. */
const [before, behind] = [
  'sallyport-sql-',
  `-${hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 64)}-`,
];

/** What can not be removed is left: it is not what the user asked for. */
async function removeLeft(): Promise<void> {
  const uid = process.getuid?.();
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = pidOf(name);
    if (pid === undefined || isAlive(pid)) continue;
    const path = join(tmpdir(), name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true || (uid !== undefined && stats.uid !== uid)) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function pidOf(name: string): number | undefined {
  const at = name.indexOf(behind);
  if (!name.startsWith(before) || at < 0 || name.length !== at + behind.length + 6) return undefined;
  const digits = name.slice(before.length, at);
  return /^[1-9]\d{0,9}$/.test(digits) ? Number(digits) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
