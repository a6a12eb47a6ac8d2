import { expect, test } from 'vitest';

import type { Cell } from '../../src/plan/cell.ts';
import { findShares } from '../../src/report/find-shares.ts';
import type { Measurement } from '../../src/report/measurement.ts';

function measured(cell: Partial<Cell>, callsPerSecond: number[], reason?: string): Measurement {
  const rounds = callsPerSecond.map((value) => ({
    calls: value,
    callsPerSecond: value,
    serverMicrosPerCall: 1e6 / value,
    p50Micros: 1,
    p99Micros: 1,
    generatorBusy: 0,
  }));
  const full: Cell = { row: 'sdk', tools: 1, scenario: 'call', connections: 1, ...cell };
  return { cell: full, rounds, ...(reason === undefined ? {} : { void: reason }) };
}

test('The share of the bare handler is the median of the shares of the rounds.', () => {
  const shares = findShares([measured({}, [100, 200, 400]), measured({ row: 'official' }, [50, 180, 200])]);
  expect(shares).toHaveLength(1);
  expect(shares[0]?.throughput).toBeCloseTo(0.5);
  expect(shares[0]?.processor).toBeCloseTo(0.5);
});

test('Calls with distinct tokens are compared with the same calls of the bare handler.', () => {
  const shares = findShares([measured({}, [100]), measured({ row: 'official', scenario: 'call-distinct' }, [80])]);
  expect(shares[0]).toMatchObject({ row: 'official', scenario: 'call-distinct', throughput: 0.8 });
});

test.each([
  ['refusals', { row: 'official', scenario: 'no-token' }],
  ['another number of tools', { row: 'official', tools: 14 }],
  ['another number of connections', { row: 'official', connections: 16 }],
  ['a row without tools', { row: 'express', tools: 0 }],
] as const)('There is no share for %s.', (_what, cell) => {
  expect(findShares([measured({}, [100]), measured(cell, [80])])).toEqual([]);
});

test('A void row has no share, and is none.', () => {
  expect(findShares([measured({}, [100]), measured({ row: 'official' }, [80], 'wrong')])).toEqual([]);
  expect(findShares([measured({}, [100], 'wrong'), measured({ row: 'official' }, [80])])).toEqual([]);
});
