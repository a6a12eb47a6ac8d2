import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../report.ts';
import { filesBelow, readPackages, type WorkspacePackage } from '../workspace/workspace.ts';
import { checkExports, exportedData } from './check-exports.ts';
import { checkIndex } from './check-index.ts';

const topFolders: ReadonlySet<string> = new Set(['docs', 'examples', 'packages', 'test']);
/** What a build, a test run or an installation leaves behind. */
const leftovers: ReadonlySet<string> = new Set(['coverage', 'dist', 'node_modules', 'results']);
const packageEntries: ReadonlySet<string> = new Set([
  'CHANGELOG.md',
  'README.md',
  'package.json',
  'scripts',
  'src',
  'test',
  'tsconfig.json',
]);
/** Folders of tests that are about no folder of `src`: what happens when the world around the package fails, and what other programs make of it. */
const testTopics: ReadonlySet<string> = new Set(['faults', 'interop']);
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/;

/** Checks that every package has the same shape: its files, README, manifest, exports, index, names, tests that mirror the sources. */
export function checkShape(root: string): Report {
  const packages = readPackages(root);
  const problems: string[] = [];
  if (packages.length === 0) problems.push(`${root} has no package: nothing was checked`);
  if (!/^\s+Apache License\n/.test(readOr(join(root, 'LICENSE'))))
    problems.push('LICENSE is missing or is not the Apache License');
  problems.push(...checkTop(root));
  for (const one of packages) problems.push(...checkPackage(one).map((problem) => `packages/${one.folder}${problem}`));
  return { seen: `${packages.length} packages`, problems };
}

function checkTop(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .filter(({ name }) => !topFolders.has(name) && !leftovers.has(name))
    .map(({ name }) => `${name} is a folder at the top; there are only ${[...topFolders].join(', ')}`);
}

function checkPackage(one: WorkspacePackage): string[] {
  const sources = filesBelow(join(one.path, 'src'));
  return [
    ...checkReadme(one),
    ...checkFacts(one),
    ...checkExports(one),
    ...checkIndex(readOr(join(one.path, 'src/index.ts'))).map((problem) => `/src/index.ts ${problem}`),
    ...checkEntries(one),
    ...checkNames(sources),
    ...checkTests(one),
  ];
}

function checkReadme(one: WorkspacePackage): string[] {
  const lines = readOr(join(one.path, 'README.md')).trim().split('\n');
  if (lines[0] !== `# ${one.manifest.name}`)
    return [`/README.md is missing or does not start with "# ${one.manifest.name}"`];
  return lines.length < 3 ? ['/README.md says nothing'] : [];
}

function checkFacts(one: WorkspacePackage): string[] {
  const { manifest } = one;
  const name = one.folder === 'cli' ? 'sallyport' : `@sallyport/${one.folder}`;
  const problems: string[] = [];
  if (manifest.name !== name) problems.push(`name is not ${name}`);
  if (manifest.license !== 'Apache-2.0') problems.push('license is not Apache-2.0');
  if (manifest.type !== 'module') problems.push('type is not module');
  if ((manifest.description ?? '') === '') problems.push('description is missing');
  if (manifest.engines?.['node'] !== '>=20.19') problems.push('engines.node is not >=20.19');
  if (manifest.publishConfig?.access !== 'public') problems.push('publishConfig.access is not public');
  if (manifest.repository?.directory !== `packages/${one.folder}`)
    problems.push(`repository.directory is not packages/${one.folder}`);
  const files = JSON.stringify(['dist', ...exportedData(one), 'src', '!dist/.tsbuildinfo']);
  if (JSON.stringify(manifest.files) !== files) problems.push(`files is not ${files}`);
  return problems.map((problem) => `/package.json ${problem}`);
}

function checkEntries(one: WorkspacePackage): string[] {
  const exported = new Set(exportedData(one));
  return readdirSync(one.path)
    .filter((name) => !packageEntries.has(name) && !leftovers.has(name) && !exported.has(name))
    .map((name) => `/${name} does not belong into a package`);
}

function checkNames(sources: readonly string[]): string[] {
  return sources
    .filter((path) => !kebabCase.test(path.slice(path.lastIndexOf('/') + 1)))
    .map((path) => `/src/${path} is not named in kebab-case`);
}

/** The tests of `src/topic` are in `test/topic`, those of `scripts` in `test/scripts`; what concerns the whole package is in `test`. */
function checkTests(one: WorkspacePackage): string[] {
  return filesBelow(join(one.path, 'test'))
    .filter((path) => path.endsWith('.test.ts') && path.includes('/'))
    .filter((path) => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      return (
        !testTopics.has(folder) && !existsSync(join(one.path, 'src', folder)) && !existsSync(join(one.path, folder))
      );
    })
    .map((path) => `/test/${path} mirrors no folder of src`);
}

function readOr(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
