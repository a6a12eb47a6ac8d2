import { execFileSync } from 'node:child_process';

/**
 * Limits how large a file the process may write, as `ulimit -f` does: from then on the kernel refuses every write beyond. Without
 * a limit the disk is back.
 *
 * @param bytes less than a record is long, so that no new segment takes one either
 */
export function limitFileSize(pid: number | undefined, bytes: number | 'unlimited'): void {
  if (pid === undefined) throw new Error('there is no process');
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}
