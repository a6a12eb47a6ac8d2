import { expect, it } from 'vitest';
import { findPeaks } from '../../../../src/audit/report/figures/find-peaks.ts';
import type { TimeBucket } from '../../../../src/audit/report/figures/time-buckets.ts';

function bucketsOf(counts: readonly number[], denied: readonly number[] = []): TimeBucket[] {
  return counts.map((allowed, index) => ({
    from: new Date(index * 3_600_000).toISOString(),
    allowed,
    denied: denied[index] ?? 0,
    refused: 0,
  }));
}

it('marks what is above median + 6 × MAD, and says what is usual', () => {
  const { rules, peaks } = findPeaks(bucketsOf([10, 12, 8, 10, 11, 9, 10, 12, 100]));
  expect(rules[0]).toEqual({ of: 'calls', buckets: 9, median: 10, mad: 1, threshold: 16 });
  expect(peaks).toEqual([{ from: '1970-01-01T08:00:00.000Z', of: 'calls', count: 100 }]);
});

it('finds a peak of refusals that all calls hide', () => {
  const { peaks } = findPeaks(bucketsOf([1000, 900, 1100, 1000, 950, 1050, 1000, 980], [2, 3, 2, 1, 2, 2, 30, 3]));
  expect(peaks).toEqual([{ from: '1970-01-01T06:00:00.000Z', of: 'refusals', count: 32 - 2 }]);
});

it('takes a steady log for steady: one call more is no peak', () => {
  expect(findPeaks(bucketsOf([5, 5, 5, 5, 5, 5, 5, 6, 11])).peaks).toEqual([]);
  expect(findPeaks(bucketsOf([5, 5, 5, 5, 5, 5, 5, 6, 12])).peaks).toHaveLength(1);
});

it('does not take nights without calls for what is usual', () => {
  const days = Array.from({ length: 48 }, (_, hour) => (hour % 24 < 8 || hour % 24 > 17 ? 0 : 50 + (hour % 3)));
  expect(findPeaks(bucketsOf(days)).peaks).toEqual([]);
});

it('marks nothing where there are too few buckets to say what is usual', () => {
  const { rules, peaks } = findPeaks(bucketsOf([1, 1, 1, 1, 1, 1, 500]));
  expect(rules[0]).toEqual({ of: 'calls', buckets: 7, median: 1, mad: 0 });
  expect(peaks).toEqual([]);
});
