import { describe, expect, test } from 'vitest';

import { checkArrows } from '../../src/arrows/check-arrows.ts';
import { readModule } from '../../src/workspace/module.ts';
import { makePackage, makeRepository, type Files } from '../support/repository.ts';

const core = makePackage('core');

/** A package that imports core, as it should. */
function importing(folder: string, source: string, more: object = {}): Files {
  return {
    ...makePackage(folder, { dependencies: { '@sallyport/core': 'workspace:^' }, ...more }, ['core']),
    [`packages/${folder}/src/topic/idea.ts`]: `import { idea } from '@sallyport/core';\n${source}\nexport const thought = idea;\n`,
  };
}

/** The manifest of a package without its sources. */
function onlyManifest(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path.endsWith('package.json')));
}

function problemsOf(...layers: readonly Files[]): readonly string[] {
  return checkArrows(makeRepository(core, ...layers)).problems;
}

describe('checkArrows', () => {
  test('passes packages that import what they may and declare it', () => {
    const report = checkArrows(makeRepository(core, importing('token', '')));
    expect(report.problems).toEqual([]);
    expect(report.seen).toBe('2 packages, 4 of 4 modules, 3 imports');
  });

  test('passes an import of what a package exports besides itself', () => {
    const main = { '@sallyport/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' };
    const more = { default: './dist/more/index.js' };
    const files = makePackage('core', { exports: { '.': main, './more': more, './package.json': './package.json' } });
    expect(problemsOf(files, importing('token', `import '@sallyport/core/more';`))).toEqual([]);
    expect(problemsOf(files, importing('token', `import '@sallyport/core/most';`))).toHaveLength(1);
  });

  test.each([
    ['an import', `import { thought as other } from '@sallyport/card';`],
    ['a type-only import', `import type { thought as other } from '@sallyport/card';`],
    ['an import for its effect', `import '@sallyport/card';`],
    ['a re-export', `export { thought as other } from '@sallyport/card';`],
    ['a star export', `export * from '@sallyport/card';`],
    ['a dynamic import', `export const other = await import('@sallyport/card');`],
    ['a dynamic import with a template', 'export const other = await import(`@sallyport/card`);'],
    ['an import type', `export type Other = import('@sallyport/card').Other;`],
    ['a type of an import', `export type Other = typeof import('@sallyport/card');`],
    ['an import assignment', `import other = require('@sallyport/card');`],
    [
      'a require',
      `declare const require: (name: string) => unknown;\nexport const other = require('@sallyport/card');`,
    ],
    ['a resolve', `export const other = import.meta.resolve('@sallyport/card');`],
    ['an augmentation', `declare module '@sallyport/card' { interface Other {} }`],
    ['a reference', `/// <reference types="@sallyport/card" />`],
  ])('finds %s of a package that may not be imported', (_kind, source) => {
    expect(problemsOf(makePackage('card'), importing('token', source))).toEqual([
      expect.stringMatching(
        /^packages\/token\/src\/topic\/idea\.ts:\d+ imports '@sallyport\/card'; token may only import core of ours$/,
      ),
    ]);
  });

  test('finds an import of ours in a package that imports none of ours', () => {
    const files = { ...core, 'packages/core/src/topic/idea.ts': `import '@sallyport/card';\nexport const idea = 1;\n` };
    expect(problemsOf(makePackage('card'), files)).toEqual([
      `packages/core/src/topic/idea.ts:1 imports '@sallyport/card'; core may import no package of ours`,
    ]);
  });

  test('finds a dependency on a package that may not be imported, also when nothing imports it', () => {
    const dependencies = { '@sallyport/core': 'workspace:^', '@sallyport/card': 'workspace:^' };
    expect(problemsOf(makePackage('card'), importing('token', '', { dependencies }))).toEqual([
      'packages/token/package.json depends on @sallyport/card, which token may not import',
    ]);
  });

  test('finds a package without a row in the table', () => {
    expect(problemsOf(makePackage('surprise'))).toEqual([
      'packages/surprise has no arrows; add it to the table in test/house/src/arrows/rules.ts',
    ]);
  });

  test.each([
    ['express', 'Express stays in express, gateway'],
    ['@modelcontextprotocol/express', 'Express stays in express, gateway'],
    ['ioredis', 'ioredis and BullMQ stays in redis'],
    ['bullmq', 'ioredis and BullMQ stays in redis'],
    ['@modelcontextprotocol/server', 'the MCP SDK stays in express, gateway, session, tasks, cli, card'],
  ])('finds %s outside the packages it belongs to, types included', (name, reason) => {
    const dependencies = { '@sallyport/core': 'workspace:^', [name]: '1.0.0' };
    expect(problemsOf(importing('token', `import type { x } from '${name}';`, { dependencies }))).toEqual([
      `packages/token/src/topic/idea.ts:2 imports '${name}'; ${reason}`,
    ]);
  });

  test('lets card import the MCP SDK in its builder and nowhere else', () => {
    const dependencies = { '@sallyport/core': 'workspace:^', '@modelcontextprotocol/client': '1.0.0' };
    const source = `import type { Client } from '@modelcontextprotocol/client';`;
    const inBuilder = { 'packages/card/src/builder/list.ts': `${source}\nexport type Builder = Client;\n` };
    expect(problemsOf(importing('card', '', { dependencies }), inBuilder)).toEqual([]);
    expect(problemsOf(importing('card', source, { dependencies }))).toEqual([
      `packages/card/src/topic/idea.ts:2 imports '@modelcontextprotocol/client'; here the MCP SDK stays in src/builder/`,
    ]);
  });

  test('lets express import Express', () => {
    const peerDependencies = { express: '^5.0.0' };
    expect(problemsOf(importing('express', `import type { Request } from 'express';`, { peerDependencies }))).toEqual(
      [],
    );
  });

  test('finds input and output in core', () => {
    const files = {
      'packages/core/src/topic/idea.ts': `import { readFile } from 'node:fs/promises';\nexport const idea = readFile;\n`,
    };
    expect(problemsOf(files)).toEqual([
      `packages/core/src/topic/idea.ts:1 imports 'node:fs/promises'; core does no input or output`,
    ]);
  });

  test.each([
    [`import '../../../core/src/index.ts';`, `imports '../../../core/src/index.ts', which leaves the package's src`],
    [`import '../../test/help.ts';`, `imports '../../test/help.ts', which leaves the package's src`],
    [`import './gone.ts';`, `imports './gone.ts', which is not a file of this package`],
    [`import './idea';`, `imports './idea', which is not a file of this package`],
    [
      `import '@sallyport/core/src/index.ts';`,
      `imports '@sallyport/core/src/index.ts', an inner path of @sallyport/core; import '@sallyport/core'`,
    ],
    [
      `import '@sallyport/core/package.json';`,
      `imports '@sallyport/core/package.json', an inner path of @sallyport/core; import '@sallyport/core'`,
    ],
    [`import '@sallyport/gone';`, `imports '@sallyport/gone', which is no package of this repository`],
    [`import '@sallyport/token';`, `imports its own package '@sallyport/token'; use a relative path`],
    [`import 'fs';`, `imports 'fs'; write 'node:fs'`],
    [`import '/etc/passwd';`, `imports '/etc/passwd', which is neither relative nor a package`],
    [
      `import 'https://example.com/x.js';`,
      `imports 'https://example.com/x.js', which is neither relative nor a package`,
    ],
    [`import '#inner';`, `imports '#inner', which is neither relative nor a package`],
    [
      `export const other = await import(String(1));`,
      'imports something computed, which can not be checked; use a literal',
    ],
  ])('refuses %s', (source, problem) => {
    expect(problemsOf(importing('token', source))).toEqual([`packages/token/src/topic/idea.ts:2 ${problem}`]);
  });

  test('finds an import that package.json does not declare', () => {
    expect(problemsOf(importing('token', `import { jwtVerify } from 'jose/jwt/verify';`))).toEqual([
      'packages/token/package.json does not declare jose, which src imports',
    ]);
  });

  test('does not take a development dependency for a declaration', () => {
    expect(problemsOf(importing('token', `import 'jose';`, { devDependencies: { jose: '6.0.0' } }))).toEqual([
      'packages/token/package.json does not declare jose, which src imports',
    ]);
  });

  test.each(['dependencies', 'peerDependencies', 'optionalDependencies'])(
    'finds one of the %s that nothing imports',
    (kind) => {
      const ours = { '@sallyport/core': 'workspace:^' };
      const manifest =
        kind === 'dependencies' ? { dependencies: { ...ours, jose: '6.0.0' } } : { [kind]: { jose: '6.0.0' } };
      expect(problemsOf(importing('token', '', manifest))).toEqual([
        'packages/token/package.json declares jose, which src does not import',
      ]);
    },
  );

  test('passes a dependency that an imported library leaves to its user', () => {
    const dependencies = { '@sallyport/core': 'workspace:^', jose: '^6.0.0', uuid: '^14.0.0' };
    const files = importing('token', `import 'jose';`, { dependencies });
    const installed = {
      'packages/token/node_modules/jose/package.json': JSON.stringify({ peerDependencies: { uuid: '*' } }),
    };
    expect(problemsOf(files, installed)).toEqual([]);
    expect(problemsOf(files)).toEqual(['packages/token/package.json declares uuid, which src does not import']);
  });

  test('asks for the peers of a used package of ours, which are passed on to the user', () => {
    const leaving = {
      ...makePackage('core', { peerDependencies: { jose: '^6.0.0' } }),
      'packages/core/src/topic/idea.ts': `import 'jose';\nexport const idea = 1;\n`,
    };
    expect(problemsOf(leaving, importing('token', '', { peerDependencies: { jose: '^6.0.0' } }))).toEqual([]);
    expect(problemsOf(leaving, importing('token', ''))).toEqual([
      'packages/token/package.json does not pass on jose, which a package that it uses leaves to its user',
    ]);
    const optional = { peerDependencies: { jose: '^6.0.0' }, peerDependenciesMeta: { jose: { optional: true } } };
    expect(problemsOf(leaving, onlyManifest(makePackage('core', optional)), importing('token', ''))).toEqual([]);
    const dependencies = { '@sallyport/core': 'workspace:^', jose: '^6.0.0' };
    expect(problemsOf(leaving, importing('token', '', { dependencies }))).toEqual([
      'packages/token/package.json declares jose, which src does not import',
    ]);
  });

  test('finds a project reference that is missing, and one that is too many', () => {
    const missing = { 'packages/token/tsconfig.json': { references: [] } };
    expect(problemsOf(importing('token', ''), missing)).toEqual([
      'packages/token/tsconfig.json has no reference to ../core, which src imports',
    ]);
    const tooMany = { 'packages/token/tsconfig.json': { references: [{ path: '../core' }, { path: '../card' }] } };
    expect(problemsOf(makePackage('card'), importing('token', ''), tooMany)).toEqual([
      'packages/token/tsconfig.json refers to ../card, which src does not import',
    ]);
  });

  test('fails when it sees fewer modules than there are files', () => {
    const root = makeRepository(core, importing('token', `import '@sallyport/card';`));
    expect(checkArrows(root, { read: () => undefined }).problems).toContain(
      'saw 0 modules but there are 4 files: the check is blind',
    );
    const read = (path: string, text: string) => (path === 'index.ts' ? undefined : readModule(path, text));
    expect(checkArrows(root, { read }).problems).toContain('saw 2 modules but there are 4 files: the check is blind');
  });

  test('fails for a file that can not be parsed', () => {
    const problems = problemsOf({ 'packages/core/src/topic/broken.ts': 'export const = 1;\n' });
    expect(problems).toEqual([
      expect.stringContaining('packages/core/src/topic/broken.ts can not be parsed'),
      'saw 2 modules but there are 3 files: the check is blind',
    ]);
  });

  test.each(['other.js', 'other.mts', 'other.tsx', 'dist/other.js', 'node_modules/other/index.js'])(
    'fails for src/%s, which it does not read',
    (path) => {
      const problems = problemsOf({ [`packages/core/src/${path}`]: `import '@sallyport/card';\n` });
      expect(problems).toEqual([
        `packages/core/src/${path} is not a .ts file; src holds TypeScript only`,
        'saw 2 modules but there are 3 files: the check is blind',
      ]);
    },
  );

  test('fails when there is nothing to check', () => {
    expect(checkArrows(makeRepository({ 'packages/readme.txt': '' })).problems).toHaveLength(1);
  });
});
