import { expect, test } from 'vitest';

import { policySpans } from '../../src/policy/policy-case.ts';
import type { PolicyChecks } from '../../src/policy/run-policy-checks.ts';
import { formatPolicy } from '../../src/report/format-policy.ts';

function checksOf(scopes: readonly number[], lists: readonly [number, number]): PolicyChecks {
  const rounds = (cpuMicrosPerCall: number): PolicyChecks['lists'][number]['rounds'] => [
    { calls: 9, cpuMicrosPerCall },
  ];
  return {
    decisions: policySpans.map((span, index) => ({ case: 'scopes', span, rounds: rounds(scopes[index] ?? 0) })),
    lists: [
      { list: 'served', rounds: rounds(lists[0]) },
      { list: 'filtered', rounds: rounds(lists[1]) },
    ],
  };
}

function lineOf(text: string, start: string): readonly string[] | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.split(/ {2,}/);
}

test('The table has the figures with their limits beside them.', () => {
  const text = formatPolicy(checksOf([0.1, 0.1, 0.12, 0.3], [20_000, 21_500]), []);
  expect(lineOf(text, 'scopes  ')).toEqual([
    ...['scopes', '0.10', '0 %', '0.10', '0 %', '0.12', '0 %', '0.30', '0 %'],
    ...['2 µs', '+0.02', '+0.2 µs'],
  ]);
  expect(lineOf(text, 'refusal')?.slice(0, 2)).toEqual(['refusal', 'void']);
  expect(lineOf(text, 'the SDK handler')?.slice(1)).toEqual(['20000', '21500', '+7.5 %', '+10.0 %']);
  expect(text).toContain('void');
});

test.each<[string, readonly number[], readonly [number, number], string]>([
  ['a decision that takes too long', [0.1, 0.1, 0.1, 2.1], [100, 100], 'scopes  '],
  ['decisions that take longer the more tools there are', [0.1, 0.1, 0.4, 0.4], [100, 100], 'scopes  '],
  ['a filter that takes too long', [0.1, 0.1, 0.1, 0.1], [100, 111], 'the SDK handler'],
])('It says "over" of %s.', (_, scopes, lists, start) => {
  expect(lineOf(formatPolicy(checksOf(scopes, lists), []), start)?.at(-1)).toBe('over');
});
