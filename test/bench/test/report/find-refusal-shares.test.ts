import { expect, test } from 'vitest';

import type { Cell } from '../../src/plan/cell.ts';
import { findRefusalShares } from '../../src/report/find-refusal-shares.ts';
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
  const full: Cell = { row: 'sallyport', tools: 14, scenario: 'no-token', connections: 16, ...cell };
  return { cell: full, rounds, ...(reason === undefined ? {} : { void: reason }) };
}

const route = measured({ row: 'express', tools: 0, scenario: 'call' }, [100, 200, 400]);

test('A refusal is compared with the Express route, round by round.', () => {
  const [share] = findRefusalShares([route, measured({}, [70, 140, 200])]);
  expect(share).toMatchObject({ row: 'sallyport', scenario: 'no-token', connections: 16, limit: 0.6 });
  expect(share?.throughput).toBeCloseTo(0.7);
  expect(share?.processor).toBeCloseTo(0.7);
});

test.each([
  ['the official row', { row: 'official' }],
  ['a refusal after the signature', { scenario: 'expired-token' }],
] as const)('There is a share for %s, and no limit.', (_what, cell) => {
  const [share] = findRefusalShares([route, measured(cell, [70, 140, 200])]);
  expect(share?.throughput).toBeCloseTo(0.7);
  expect(share).not.toHaveProperty('limit');
});

test('There is no share for allowed calls, void rows, other connections, or without the route.', () => {
  expect(findRefusalShares([route, measured({ scenario: 'call' }, [70])])).toEqual([]);
  expect(findRefusalShares([route, measured({}, [70], 'wrong')])).toEqual([]);
  expect(findRefusalShares([route, measured({ connections: 1 }, [70])])).toEqual([]);
  expect(findRefusalShares([measured({}, [70])])).toEqual([]);
});
