import { describe, expect, test } from 'vitest';

import { checkShape } from '../../src/shape/check-shape.ts';
import { makePackage, makeRepository, type Files } from '../support/repository.ts';

const licence = { LICENSE: '                                 Apache License\n' };

function problemsOf(...layers: readonly Files[]): readonly string[] {
  return checkShape(makeRepository(licence, makePackage('core'), ...layers)).problems;
}

describe('checkShape', () => {
  test('passes a package of the right shape', () => {
    expect(problemsOf()).toEqual([]);
  });

  test('asks for the licence at the root', () => {
    expect(problemsOf({ LICENSE: 'MIT' })).toEqual(['LICENSE is missing or is not the Apache License']);
  });

  test.each([
    [undefined, 'is missing or does not start with "# @sallyport/core"'],
    ['# Core\n\nText.\n', 'is missing or does not start with "# @sallyport/core"'],
    ['# @sallyport/core\n', 'says nothing'],
  ])('asks for a README that says something', (readme, problem) => {
    expect(problemsOf({ 'packages/core/README.md': readme })).toEqual([`packages/core/README.md ${problem}`]);
  });

  test.each([
    [{ name: 'core' }, 'name is not @sallyport/core'],
    [{ license: 'MIT' }, 'license is not Apache-2.0'],
    [{ type: 'commonjs' }, 'type is not module'],
    [{ description: '' }, 'description is missing'],
    [{ engines: {} }, 'engines.node is not >=20.19'],
    [{ publishConfig: {} }, 'publishConfig.access is not public'],
    [{ repository: {} }, 'repository.directory is not packages/core'],
    [{ files: ['dist', 'src'] }, 'files is not ["dist","src","!dist/.tsbuildinfo"]'],
    [{ bin: { x: './dist/gone.js' } }, 'has the command x from src/gone.ts, which does not exist'],
    [{ exports: './dist/index.js' }, 'has no exports'],
  ])('asks for %o to be otherwise', (manifest, problem) => {
    const name = 'name' in manifest ? manifest.name : '@sallyport/core';
    expect(problemsOf(makePackage('core', manifest), { 'packages/core/README.md': `# ${name}\n\nText.\n` })).toEqual([
      `packages/core/package.json ${problem}`,
    ]);
  });

  test.each([
    [{ types: './dist/index.d.ts', default: './dist/index.js' }],
    [{ types: './dist/index.d.ts', '@sallyport/source': './src/index.ts', default: './dist/index.js' }],
    [{ '@sallyport/source': './src/index.ts', types: './dist/other.d.ts', default: './dist/index.js' }],
    [
      {
        '@sallyport/source': './src/index.ts',
        types: './dist/index.d.ts',
        default: './dist/index.js',
        require: './x.cjs',
      },
    ],
    ['./dist/index.js'],
  ])('asks for the three conditions of one file, in their order, and not for %o', (entry) => {
    const exports = { '.': entry, './package.json': './package.json' };
    expect(problemsOf(makePackage('core', { exports }))).toEqual([
      'packages/core/package.json exports "." without "@sallyport/source", "types" and "default" of one file, in this order',
    ]);
  });

  test('asks for package.json among the exports, and for sources that exist', () => {
    const exports = {
      '.': { '@sallyport/source': './src/gone.ts', types: './dist/gone.d.ts', default: './dist/gone.js' },
    };
    expect(problemsOf(makePackage('core', { exports }))).toEqual([
      'packages/core/package.json does not export "./package.json"',
      'packages/core/package.json exports "." from ./src/gone.ts, which does not exist',
    ]);
  });

  test('lets a package export a JSON file that it also packs', () => {
    const exports = {
      '.': { '@sallyport/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './schema.json': './schema.json',
      './package.json': './package.json',
    };
    const files = ['dist', 'schema.json', 'src', '!dist/.tsbuildinfo'];
    const schema = { 'packages/core/schema.json': {} };
    expect(problemsOf(makePackage('core', { exports, files }), schema)).toEqual([]);
    expect(problemsOf(makePackage('core', { exports, files }))).toEqual([
      'packages/core/package.json exports ./schema.json, which does not exist',
    ]);
    expect(problemsOf(makePackage('core', { exports }), schema)).toEqual([
      'packages/core/package.json files is not ["dist","schema.json","src","!dist/.tsbuildinfo"]',
    ]);
  });

  test.each([
    [undefined, 'is missing or exports nothing'],
    [`export * from './topic/idea.ts';`, 'line 1 exports everything; name what is public'],
    [`export {};`, 'line 1 is no named export of another file'],
    [`export {} from './topic/idea.ts';`, 'line 1 exports nothing'],
    [`export const idea = 1;`, 'line 1 is no named export of another file'],
    [`import { idea } from './topic/idea.ts';\nexport { idea };`, 'line 1 is no named export of another file'],
    [`export { idea as default } from './topic/idea.ts';`, 'line 1 has a default export'],
    [`export default 1;`, 'line 1 is no named export of another file'],
  ])('asks for explicit named exports in index.ts and not for %s', (text, problem) => {
    const problems = problemsOf({ 'packages/core/src/index.ts': text });
    expect(problems).toContain(`packages/core/src/index.ts ${problem}`);
  });

  test('asks for names in kebab-case', () => {
    expect(problemsOf({ 'packages/core/src/topic/BadName.ts': 'export {};' })).toEqual([
      'packages/core/src/topic/BadName.ts is not named in kebab-case',
    ]);
  });

  test('asks for tests that mirror the sources', () => {
    const files = {
      'packages/core/test/topic/idea.test.ts': '',
      'packages/core/test/whole.test.ts': '',
      'packages/core/test/faults/disk.test.ts': '',
      'packages/core/test/gone/idea.test.ts': '',
    };
    expect(problemsOf(files)).toEqual(['packages/core/test/gone/idea.test.ts mirrors no folder of src']);
  });

  test('asks for no other folders at the top, and no other files in a package', () => {
    expect(problemsOf({ 'tools/x.ts': '', '.ci/run': '', 'coverage/x.json': '' })).toEqual([
      'tools is a folder at the top; there are only docs, examples, packages, test',
    ]);
    expect(problemsOf({ 'packages/core/scratch.mjs': '', 'packages/core/dist/x.js': '' })).toEqual([
      'packages/core/scratch.mjs does not belong into a package',
    ]);
  });

  test('fails when there is nothing to check', () => {
    expect(checkShape(makeRepository(licence, { 'packages/readme.txt': '' })).problems).toHaveLength(1);
  });
});
