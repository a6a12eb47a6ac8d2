import { expect, test } from 'vitest';

import { checkSizes } from '../../src/sizes/check-sizes.ts';
import { makePackage, makeRepository } from '../support/repository.ts';

const where = 'packages/core/src/topic/long.ts';

function withLines(count: number): string {
  return makeRepository(makePackage('core'), { [where]: 'export {};\n'.repeat(count) });
}

test('a file of 220 lines passes and one of 221 does not', () => {
  expect(checkSizes(withLines(220), { longFiles: new Map() }).problems).toEqual([]);
  expect(checkSizes(withLines(221), { longFiles: new Map() }).problems).toEqual([
    `${where} has 221 lines, more than 220; split it by idea`,
  ]);
});

test('a file that is listed with a reason may be longer', () => {
  expect(checkSizes(withLines(221), { longFiles: new Map([[where, 'a table']]) }).problems).toEqual([]);
});

test('a file that is listed and is not longer must come off the list', () => {
  expect(checkSizes(withLines(2), { longFiles: new Map([[where, 'a table']]) }).problems).toEqual([
    `${where} is listed as longer than 220 lines but is not; take it off the list`,
  ]);
});

test('the check of sizes fails when there is nothing to check', () => {
  expect(checkSizes(makeRepository({ 'packages/readme.txt': '' }), { longFiles: new Map() }).problems).toHaveLength(1);
});
