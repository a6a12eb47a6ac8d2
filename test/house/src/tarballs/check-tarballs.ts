import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import type { Report } from '../report.ts';
import { readPackages } from '../workspace/workspace.ts';
import { tarballFiles } from './tarball-files.ts';
import { withTarballs, type Tarball } from './pack.ts';

/** What can be asked of a tarball. */
export type TarballCheck = 'files' | 'publint' | 'attw';

export const tarballChecks: readonly TarballCheck[] = ['files', 'publint', 'attw'];

/** Packs every package that would be published and asks each tarball. The packages must be built. */
export function checkTarballs(root: string, checks: readonly TarballCheck[]): Report {
  return withTarballs(root, (tarballs) => {
    const packages = new Map(readPackages(root).map((one) => [one.manifest.name, one]));
    const problems: string[] = [];
    if (packages.size === 0) problems.push(`${root} has no package: nothing was checked`);
    for (const [name, one] of packages) {
      const tarball = tarballs.find((candidate) => candidate.name === name);
      if (tarball === undefined) {
        problems.push(`${name} was not packed`);
        continue;
      }
      for (const check of checks) {
        problems.push(...(check === 'files' ? tarballFiles(one, tarball.files) : askTool(root, check, tarball)));
      }
    }
    return { seen: `${tarballs.length} tarballs (${checks.join(', ')})`, problems };
  });
}

/** Runs a tool of the registry's ecosystem over a tarball; its own words are the problem. */
function askTool(root: string, tool: 'publint' | 'attw', tarball: Tarball): string[] {
  const args =
    tool === 'publint'
      ? ['run', '--strict', tarball.path]
      : ['--profile', 'esm-only', '--no-color', '--no-emoji', '--format', 'ascii', tarball.path];
  const result = spawnSync(join(root, 'node_modules/.bin', tool), args, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (result.error !== undefined) return [`${tarball.name}: ${tool} can not be started: ${result.error.message}`];
  return result.status === 0 ? [] : [`${tarball.name}: ${tool} says\n${result.stdout}${result.stderr}`];
}
