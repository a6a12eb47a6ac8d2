import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { syncSnippets } from '../../src/docs/sync-snippets.ts';
import { makePackage, makeRepository, type Files } from '../support/repository.ts';

const example: Files = {
  'tsconfig.json': { files: [], references: [{ path: 'examples/one' }] },
  'examples/one/src/server.ts': [
    `import x from 'x';`,
    'function main() {',
    '  //#region start',
    '  if (x) {',
    '    x.start();',
    '  }',
    '  //#endregion',
    '}',
    '',
  ].join('\n'),
  'examples/two/src/server.ts': 'export {};\n',
  'examples/one/config.json': '{ "a": 1 }\n',
};

function sync(page: readonly string[], write = false) {
  const root = makeRepository(makePackage('core'), example, { 'docs/page.md': page.join('\n') });
  const { problems } = syncSnippets(root, { write });
  return { problems, text: readFileSync(join(root, 'docs/page.md'), 'utf8') };
}

const marker = '<!-- snippet: examples/one/src/server.ts#start -->';
const good = ['# Page', '', marker, '```ts', 'if (x) {', '  x.start();', '}', '```', '', 'After.', ''];

describe('syncSnippets', () => {
  test('passes a block that equals its region', () => {
    expect(sync(good).problems).toEqual([]);
  });

  test('finds a block that differs from its region, and corrects it', () => {
    const stale = good.map((line) => line.replace('x.start()', 'x.begin()'));
    expect(sync(stale).problems).toEqual([
      'docs/page.md:3 is not what examples/one/src/server.ts#start says; run "pnpm docs:write"',
    ]);
    expect(sync(stale, true)).toEqual({ problems: [], text: good.join('\n') });
  });

  test('takes a whole file of another kind', () => {
    const page = ['<!-- snippet: examples/one/config.json -->', '```json', '{ "a": 1 }', '```', ''];
    expect(sync(page).problems).toEqual([]);
  });

  test.each([
    ['examples/one/src/server.ts#gone', 'shows region gone of examples/one/src/server.ts, which does not exist'],
    ['examples/one/src/gone.ts#start', 'shows examples/one/src/gone.ts, which does not exist'],
    [
      'examples/two/src/server.ts',
      'shows examples/two/src/server.ts, which nothing type-checks; add its folder to tsconfig.json',
    ],
  ])('finds that %s can not be shown', (source, problem) => {
    expect(sync([`<!-- snippet: ${source} -->`, '```ts', '```', '']).problems).toEqual([`docs/page.md:1 ${problem}`]);
  });

  test('finds a marker without a block', () => {
    expect(sync([marker, '', 'Text.']).problems).toEqual(['docs/page.md:1 is not followed by a code block']);
  });

  test('finds code that is no snippet, and leaves other blocks alone', () => {
    const page = ['```sh', 'pnpm demo', '```', '', '```ts', 'free();', '```', ''];
    expect(sync(page, true)).toEqual({
      problems: ['docs/page.md:5 is code that nothing checks; make it a snippet of a type-checked file'],
      text: page.join('\n'),
    });
  });
});
