import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The versions of Node that are promised to work, by major version. */
const supportedMajors: readonly string[] = ['20', '22', '24', '26'];

/**
 * Runs the tests on other versions of Node, fetched through npm: `matrix [--node 20,24] [arguments of vitest]`.
 * The programs that the tests start run on the same version. The repository must be built.
 * @returns whether every run passed
 */
export function runMatrix(root: string, args: readonly string[]): boolean {
  const at = args.indexOf('--node');
  const majors = at === -1 ? supportedMajors : (args[at + 1] ?? '').split(',');
  const rest = at === -1 ? args : args.toSpliced(at, 2);
  const failed = majors.filter((major) => !runOn(root, major, rest));
  process.stdout.write(
    `matrix: Node ${majors.join(', ')}${failed.length === 0 ? ', no problem' : `; failed on ${failed.join(', ')}`}\n`,
  );
  return failed.length === 0;
}

function runOn(root: string, major: string, args: readonly string[]): boolean {
  if (!/^\d+$/.test(major)) throw new Error(`--node takes major versions such as 20,24; got ${major}`);
  process.stdout.write(`\nmatrix: Node ${major}\n`);
  const script = join('node_modules', 'vitest', 'vitest.mjs');
  const command = ['-y', '-p', `node@${major}`, 'node', script, 'run', ...args];
  return spawnSync('npx', command, { cwd: root, stdio: 'inherit' }).status === 0;
}
