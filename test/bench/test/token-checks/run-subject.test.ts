import { expect, test } from 'vitest';

import { runSubject } from '../../src/token-checks/run-subject.ts';
import type { Outcome, Subject } from '../../src/token-checks/subject.ts';

/** Ten attempts, each prepared. */
function subject(attempt: (number: number) => unknown, isRight: Subject['isRight']): Subject {
  let number = 0;
  return {
    maxCallsPerSecond: 1,
    attempt: () => {
      number += 1;
      return attempt(number);
    },
    isRight,
  };
}

test('A run ends when what was prepared for it is used up.', async () => {
  let prepared = 0;
  const result = await runSubject({ ...subject(String, () => true), prepare: (calls) => (prepared = calls) }, 10_000);
  expect([prepared, result.calls]).toEqual([10, 10]);
  expect(result.wrong).toBeUndefined();
});

test.each<[string, () => unknown, Outcome]>([
  ['a value', () => 7, { value: 7, wasImmediate: true }],
  ['a promise', () => Promise.resolve(7), { value: 7, wasImmediate: false }],
  [
    'an error',
    () => {
      throw new RangeError('no');
    },
    { value: new RangeError('no'), wasImmediate: true },
  ],
  ['a rejection', () => Promise.reject(new RangeError('no')), { value: new RangeError('no'), wasImmediate: false }],
])('The outcome of %s is looked at.', async (_what, attempt, expected) => {
  const seen: Outcome[] = [];
  await runSubject(
    subject(attempt, (outcome) => seen.push(outcome) > 0),
    1000,
  );
  expect(seen).toEqual([expected]);
});

test('The first wrong outcome ends the run and is reported.', async () => {
  const result = await runSubject(
    subject(
      (number) => (number < 4 ? number : new Error('broken')),
      ({ value }) => typeof value === 'number',
    ),
    10_000,
  );
  expect(result).toMatchObject({ calls: 4, wrong: 'wrong outcome: broken' });
});
