import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Which processor core the server and the load generator get. */
export interface Pinning {
  /** What starts a program on the server's core; empty when nothing is pinned. */
  readonly server: readonly string[];
  readonly load: readonly string[];
  /** For the header of the report. */
  readonly description: string;
}

/** Gives server and load generator a core each, where there are two and the machine has `taskset`. */
export function choosePinning(): Pinning {
  const cores = allowedCores();
  const [first, second] = cores;
  if (first === undefined || second === undefined) return notPinned('fewer than two cores to choose from');
  if (!isInPath('taskset')) return notPinned('no taskset on this machine');
  return {
    server: ['taskset', '-c', String(first)],
    load: ['taskset', '-c', String(second)],
    description: `server on core ${first}, load generator on core ${second}`,
  };
}

function notPinned(why: string): Pinning {
  return { server: [], load: [], description: `not pinned: ${why}` };
}

/** The cores this process may use, such as `0-1,4` in Linux's notation. */
function allowedCores(): number[] {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    return [];
  }
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [from = NaN, to = from] = range.split('-').map(Number);
    return Number.isNaN(from) ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function isInPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
