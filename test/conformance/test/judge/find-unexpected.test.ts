import { expect, test } from 'vitest';

import { findUnexpected } from '../../src/judge/find-unexpected.ts';
import type { CheckStatus, ScenarioResult } from '../../src/suite/scenario-result.ts';

function result(status: CheckStatus): ScenarioResult[] {
  return [{ scenario: 'tasks-a', checks: [{ id: 'c', name: 'C', status, errorMessage: 'because' }] }];
}

test.each(['FAILURE', 'WARNING'] as const)(
  'A %s of a scenario that is not listed is a problem, with its message.',
  (status) => {
    expect(findUnexpected(result(status), new Set())).toEqual(['tasks-a / c: because']);
  },
);

test('A listed scenario may fail.', () => {
  expect(findUnexpected(result('FAILURE'), new Set(['tasks-a']))).toEqual([]);
});

test('A listed scenario that passes is a problem: the list is stale.', () => {
  expect(findUnexpected(result('SUCCESS'), new Set(['tasks-a']))).toEqual([expect.stringContaining('remove it')]);
});
