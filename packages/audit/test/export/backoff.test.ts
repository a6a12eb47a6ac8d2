import { expect, test } from 'vitest';
import { backoffMs } from '../../src/export/backoff.ts';

const timing = { firstMs: 500, lastMs: 60_000 };
const least = (): number => 0;
const most = (): number => 1;

test('waits double each time up to the last one, of which half is random', () => {
  expect([1, 2, 3, 8, 9, 1000].map((attempt) => backoffMs(attempt, timing, 0, most))).toEqual([
    500, 1000, 2000, 60_000, 60_000, 60_000,
  ]);
  expect([1, 2, 8].map((attempt) => backoffMs(attempt, timing, 0, least))).toEqual([250, 500, 30_000]);
});

test('a receiver waits for nothing less than it asked for, up to an hour', () => {
  expect(backoffMs(1, timing, 10_000, least)).toBe(10_000);
  expect(backoffMs(1, timing, 10_000, most)).toBe(10_250);
  expect(backoffMs(1, timing, 86_400_000, least)).toBe(3_600_000);
  expect(backoffMs(8, timing, 1000, least)).toBe(30_000);
});
