import { open, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the audit log is written, and what a sync costs there. */
export interface FileSystem {
  readonly directory: string;
  /** Such as `ext4`; `unknown` where the system does not say. */
  readonly type: string;
  readonly device: string;
  /** Median of a small append with `fdatasync`. */
  readonly syncMicros: number;
}

const probes = 51;

/** Describes the file system of a directory. */
export async function describeFileSystem(directory: string): Promise<FileSystem> {
  return { directory, ...(await findMount(await realpath(directory))), syncMicros: await measureSync(directory) };
}

/** The mount with the longest path that contains the directory (Linux). */
async function findMount(directory: string): Promise<{ type: string; device: string }> {
  const found = { type: 'unknown', device: 'unknown', length: -1 };
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    // … <mount point> <options> [<fields>] - <type> <device> <options>
    const [before = '', after = ''] = line.split(' - ');
    const mountPoint = before.split(' ')[4] ?? '';
    const [type = 'unknown', device = 'unknown'] = after.split(' ');
    const contains = mountPoint === '/' || directory === mountPoint || directory.startsWith(`${mountPoint}/`);
    if (mountPoint !== '' && contains && mountPoint.length >= found.length) {
      Object.assign(found, { type, device, length: mountPoint.length });
    }
  }
  return { type: found.type, device: found.device };
}

async function measureSync(directory: string): Promise<number> {
  const path = join(directory, 'sync-probe');
  const file = await open(path, 'a');
  const times: number[] = [];
  try {
    for (let probe = 0; probe < probes; probe += 1) {
      const start = performance.now();
      await file.write('x'.repeat(512));
      await file.datasync();
      times.push(performance.now() - start);
    }
  } finally {
    await file.close();
    await rm(path);
  }
  times.sort((a, b) => a - b);
  return Math.round((times[Math.floor(probes / 2)] ?? 0) * 1000);
}
