import { join } from 'node:path';

import { expect, test } from 'vitest';

import { tarballFiles } from '../../src/tarballs/tarball-files.ts';
import { readPackages } from '../../src/workspace/workspace.ts';
import { makePackage, makeRepository } from '../support/repository.ts';

const files = [
  'LICENSE',
  'README.md',
  'dist/index.d.ts',
  'dist/index.d.ts.map',
  'dist/index.js',
  'dist/index.js.map',
  'dist/topic/idea.d.ts',
  'dist/topic/idea.d.ts.map',
  'dist/topic/idea.js',
  'dist/topic/idea.js.map',
  'package.json',
  'src/index.ts',
  'src/topic/idea.ts',
];

function problemsOf(packed: readonly string[]): string[] {
  const [one] = readPackages(makeRepository(makePackage('core')));
  if (one === undefined) throw new Error('the repository has no package');
  return tarballFiles(one, packed);
}

test('a tarball holds the sources, what they compile to, and the three files that every package has', () => {
  expect(problemsOf(files)).toEqual([]);
});

test.each([
  'dist/.tsbuildinfo',
  'test/topic/idea.test.ts',
  'dist/topic/gone.js',
  '.env',
  'tsconfig.json',
  join('src', 'notes.md'),
])('a tarball that holds %s is refused', (path) => {
  expect(problemsOf([...files, path])).toEqual([
    `@sallyport/core: the tarball holds ${path}, which does not belong there`,
  ]);
});

test.each(files)('a tarball without %s is refused', (path) => {
  expect(problemsOf(files.filter((file) => file !== path))).toEqual([`@sallyport/core: the tarball lacks ${path}`]);
});
