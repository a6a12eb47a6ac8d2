import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exemptRows, ruleRows } from './rules.ts';
import { readCitations } from './support/citations.ts';
import { testFiles } from './support/coverage.ts';
import { namedRows } from './support/rule-citations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Which files prove each row. This file proves none. */
const proofs = new Map<string, string[]>();
for (const file of testFiles(root).filter((one) => !one.endsWith('/rules.test.ts'))) {
  const text = readFileSync(file, 'utf8');
  const cited = readCitations(file, text).flatMap(({ ids, problem }) => (problem === undefined ? ids : []));
  for (const id of new Set([...namedRows(file, text), ...cited])) proofs.set(id, [...(proofs.get(id) ?? []), file]);
}

describe('the rules', () => {
  test('every row is proved by a test, or it is said why not', () => {
    expect(ruleRows.filter((id) => !proofs.has(id) && !exemptRows.has(id))).toEqual([]);
  });

  test('every row without a test is really without one', () => {
    expect([...exemptRows.keys()].filter((id) => proofs.has(id) || !ruleRows.includes(id))).toEqual([]);
  });

  test('every row that a test names is one of the rules', () => {
    const known = new Set(ruleRows);
    const unknown = [...proofs].filter(([id]) => /^[FJ]-/.test(id) && !known.has(id));
    expect(unknown).toEqual([]);
  });
});

describe('reading which rows a test names', () => {
  const read = (text: string) => namedRows('a.test.ts', text);

  test('names of tests and tables count, with several rows in one and in a template', () => {
    expect(read("test('is refused (F-02, F-105)', () => {});")).toEqual(['F-02', 'F-105']);
    expect(read('const rows = [[`a ${x} row (J-14)`, 1]];')).toEqual(['J-14']);
  });

  test('comments and other words do not', () => {
    expect(read("// test('is refused (F-02)', () => {});\nconst x = 'UTF-16, RFC-7519, F-1';")).toEqual([]);
  });
});
