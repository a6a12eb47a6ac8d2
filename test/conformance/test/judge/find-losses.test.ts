import { expect, test } from 'vitest';

import { findLosses } from '../../src/judge/find-losses.ts';
import type { CheckStatus, ScenarioResult } from '../../src/suite/scenario-result.ts';

function result(...statuses: CheckStatus[]): ScenarioResult[] {
  return [{ scenario: 'a', checks: statuses.map((status) => ({ id: 'c', name: 'C', status })) }];
}

test('A check that passes on both servers is no loss.', () => {
  expect(findLosses(result('SUCCESS'), result('SUCCESS'))).toEqual([]);
});

test.each(['FAILURE', 'WARNING', 'SKIPPED', 'INFO'] as const)(
  'A passing check that becomes %s behind the guard is a loss.',
  (status) => {
    expect(findLosses(result('SUCCESS'), result(status))).toHaveLength(1);
  },
);

test('A check or a scenario that is missing behind the guard is a loss.', () => {
  expect(findLosses(result('SUCCESS'), result())).toHaveLength(1);
  expect(findLosses(result('SUCCESS'), [])).toHaveLength(1);
});

test('Of a check made several times the worst time counts.', () => {
  expect(findLosses(result('SUCCESS', 'SUCCESS'), result('SUCCESS', 'FAILURE'))).toHaveLength(1);
});

test('What does not pass bare can not be lost.', () => {
  expect(findLosses(result('FAILURE'), result('FAILURE'))).toEqual([]);
});
