import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { requirements } from './requirements.ts';
import { ruleRows } from './rules.ts';
import { readCitations } from './support/citations.ts';
import { citationsOf, compareCitations } from './support/coverage.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the requirements', () => {
  const coverage = compareCitations(Object.keys(requirements), citationsOf(root), ruleRows);

  test('every requirement is cited by a test', () => {
    expect(coverage.uncited).toEqual([]);
  });

  test('every citation is of a requirement', () => {
    expect(coverage.wrong).toEqual([]);
  });

  test('every requirement is one sentence with a source', () => {
    for (const { text, source } of Object.values(requirements)) {
      expect(text).toMatch(/\.$/);
      expect(source).not.toBe('');
    }
  });
});

describe('reading citations', () => {
  const read = (text: string) => readCitations('a.test.ts', text);

  test('a call of verifies cites one id or several', () => {
    expect(read(`verifies('A-1', 'does', () => {});\nverifies(['A-2', 'A-3'], 'does', () => {});\n`)).toEqual([
      { file: 'a.test.ts', line: 1, ids: ['A-1'] },
      { file: 'a.test.ts', line: 2, ids: ['A-2', 'A-3'] },
    ]);
  });

  test('a call in a loop or in a describe block cites too', () => {
    expect(read(`describe('x', () => { for (const era of eras) verifies('A-1', era, () => {}); });`)).toMatchObject([
      { ids: ['A-1'] },
    ]);
  });

  test('ids that are not literals can not be read', () => {
    expect(read(`verifies(id, 'does', () => {});`)).toMatchObject([
      { ids: [], problem: 'calls verifies with ids that are not literals' },
    ]);
    expect(read(`verifies(['A-1', id], 'does', () => {});`)).toMatchObject([
      { ids: ['A-1'], problem: expect.any(String) },
    ]);
    expect(read(`verifies([], 'does', () => {});`)).toMatchObject([{ ids: [], problem: expect.any(String) }]);
  });

  test.each([`test('does', () => {});`, `it('does', () => {});`, `test.each([1])('does', () => {});`])(
    'a comment above %s cites',
    (call) => {
      expect(read(`// @verifies A-1, A-2\n${call}\n`)).toEqual([{ file: 'a.test.ts', line: 1, ids: ['A-1', 'A-2'] }]);
    },
  );

  test('a comment that stands above no test does not cite', () => {
    for (const text of [
      `// @verifies A-1\nconst x = 1;`,
      `// @verifies A-1\n// test('does', () => {});`,
      `test('x', () => {});\n// @verifies A-1`,
    ]) {
      expect(read(text)).toMatchObject([
        { ids: ['A-1'], problem: 'has a @verifies comment that stands above no test' },
      ]);
    }
  });

  test('a comment without ids is a problem', () => {
    expect(read(`// @verifies everything\ntest('does', () => {});`)).toMatchObject([
      { ids: [], problem: 'has a @verifies comment that is no list of ids' },
    ]);
  });

  test('what is commented out, or only text, does not cite', () => {
    expect(read(`// verifies('A-1', 'does', () => {});\nconst text = "verifies('A-1')";`)).toEqual([]);
  });

  test('a file that can not be parsed is a problem', () => {
    expect(read(`verifies('A-1'`)).toMatchObject([{ ids: [], problem: expect.stringContaining('can not be parsed') }]);
  });
});

describe('comparing citations', () => {
  const citation = { file: 'a.test.ts', line: 1 };

  test('finds a requirement without a test and a citation without a requirement', () => {
    expect(compareCitations(['A-1', 'A-2'], [{ ...citation, ids: ['A-1', 'B-1'] }])).toEqual({
      uncited: ['A-2'],
      wrong: ['a.test.ts:1 cites B-1, which requirements.ts does not list'],
    });
  });

  test('accepts citations of what is looked after elsewhere', () => {
    expect(compareCitations(['A-1'], [{ ...citation, ids: ['A-1', 'F-02'] }], ['F-02'])).toEqual({
      uncited: [],
      wrong: [],
    });
  });

  test('does not count a citation that can not be read', () => {
    expect(compareCitations(['A-1'], [{ ...citation, ids: ['A-1'], problem: 'is wrong' }])).toEqual({
      uncited: ['A-1'],
      wrong: ['a.test.ts:1 is wrong'],
    });
  });
});
