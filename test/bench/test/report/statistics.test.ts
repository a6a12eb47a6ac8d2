import { expect, test } from 'vitest';

import { median, spread } from '../../src/report/statistics.ts';

test('The median is the middle value, or the mean of the two in the middle.', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  expect(median([])).toBeNaN();
});

test('The spread is half the range, as a share of the median.', () => {
  expect(spread([90, 100, 110])).toBeCloseTo(0.1);
});
