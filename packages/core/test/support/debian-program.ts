import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin'];

/** Longest wait for a package, and for whoever else installs one. */
const installMs = 300_000;

/**
 * The path of a program that Debian has a package for: the one that is there, else the one of the package, which is installed when this
 * process may do that. `undefined` when there is none: stderr says then what is not proved here, and the test has to pass by.
 *
 * @param proves what is not proved without it, such as `that rsyslog reads our syslog messages`
 */
export async function debianProgram(program: string, packages: string, proves: string): Promise<string | undefined> {
  const found = await find(program);
  if (found !== undefined) return found;
  let why = 'only root can install it';
  if (process.getuid?.() === 0) {
    try {
      const options = { timeout: installMs, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
      const lock = ['-o', `DPkg::Lock::Timeout=${installMs / 1000}`];
      await run('apt-get', ['install', '-y', '--no-install-recommends', ...lock, ...packages.split(' ')], options);
    } catch (error) {
      why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    }
    const installed = await find(program);
    if (installed !== undefined) return installed;
  }
  process.stderr.write(`NOT PROVED HERE: ${proves}; it needs ${program} of the Debian package ${packages} (${why})\n`);
  return undefined;
}

async function find(program: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, program);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && runs) return path;
  }
  return undefined;
}
