import { expect, test } from 'vitest';

import { checkRegexes } from '../../src/regexes/check-regexes.ts';
import { makePackage, makeRepository } from '../support/repository.ts';

function problemsOf(source: string): readonly string[] {
  return checkRegexes(makeRepository(makePackage('core'), { 'packages/core/src/topic/idea.ts': source })).problems;
}

test.each([
  String.raw`/^[a-z]+$/`,
  String.raw`/^\s*a/`,
  String.raw`/^(?:[a-z0-9]+-)*[a-z]$/`,
  `new RegExp('^a+$', 'u')`,
])('%s can not backtrack', (source) => {
  expect(problemsOf(`export const idea = ${source};\n`)).toEqual([]);
});

test.each([
  [String.raw`/^(a+)+$/`, 'exponential'],
  [String.raw`/^a*a*$/`, '2nd degree polynomial'],
  [String.raw`/\s+$/`, '2nd degree polynomial'],
  [`new RegExp('^(a|a)*$')`, 'exponential'],
])('%s is %s', (source, complexity) => {
  expect(problemsOf(`export const idea = ${source};\n`)).toEqual([
    expect.stringContaining(`backtracks (${complexity})`),
  ]);
});

test('an expression that can not be judged is a problem', () => {
  expect(problemsOf(String.raw`export const idea = /^[\p{L}--a]+$/v;`)).toEqual([
    expect.stringContaining('can not be judged (invalid)'),
  ]);
});

test('an expression whose text is computed is a problem', () => {
  expect(problemsOf('export const idea = new RegExp(String(1));\n')).toEqual([
    'packages/core/src/topic/idea.ts:1 makes a regular expression from a computed text',
  ]);
});

test('a file that can not be parsed is a problem', () => {
  expect(problemsOf('export const = 1;\n')).toEqual([expect.stringContaining('can not be parsed')]);
});

test('the check of regular expressions fails when there is nothing to check', () => {
  expect(checkRegexes(makeRepository({ 'packages/readme.txt': '' })).problems).toHaveLength(1);
});
