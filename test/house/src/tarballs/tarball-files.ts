import { join } from 'node:path';

import { exportedData } from '../shape/check-exports.ts';
import { filesBelow, type WorkspacePackage } from '../workspace/workspace.ts';

const always: readonly string[] = ['LICENSE', 'README.md', 'package.json'];
const built: readonly string[] = ['.js', '.js.map', '.d.ts', '.d.ts.map'];

/**
 * Checks that a tarball holds the sources, what they compile to, the JSON files that it exports, and LICENSE, README.md and
 * package.json: no file more, such as a test, a build cache or the output of a source that is gone, and no file less.
 */
export function tarballFiles(one: WorkspacePackage, packed: readonly string[]): string[] {
  const sources = filesBelow(join(one.path, 'src'));
  const expected = new Set([
    ...always,
    ...exportedData(one),
    ...sources.map((path) => `src/${path}`),
    ...sources.flatMap((path) => built.map((suffix) => `dist/${path.replace(/\.ts$/, suffix)}`)),
  ]);
  const found = new Set(packed);
  const { name } = one.manifest;
  return [
    ...[...found]
      .filter((path) => !expected.has(path))
      .map((path) => `${name}: the tarball holds ${path}, which does not belong there`),
    ...[...expected].filter((path) => !found.has(path)).map((path) => `${name}: the tarball lacks ${path}`),
  ];
}
