import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimeBuckets } from '../../../../src/audit/report/figures/time-buckets.ts';

const start = Date.parse('2026-11-20T21:00:00Z');

it('counts seconds for a short time, with those in which nothing happened', () => {
  const buckets = new TimeBuckets();
  buckets.see(start + 200, 'allowed');
  buckets.see(start + 900, 'denied');
  buckets.see(start + 2100, 'refused', 40);
  expect(buckets.finish()).toEqual({
    bucketSeconds: 1,
    buckets: [
      { from: '2026-11-20T21:00:00.000Z', allowed: 1, denied: 1, refused: 0 },
      { from: '2026-11-20T21:00:01.000Z', allowed: 0, denied: 0, refused: 0 },
      { from: '2026-11-20T21:00:02.000Z', allowed: 0, denied: 0, refused: 40 },
    ],
  });
});

it('counts hours for days, and weeks for years', () => {
  const sizeOf = (days: number): number => {
    const buckets = new TimeBuckets();
    for (let hour = 0; hour <= days * 24; hour += 1) buckets.see(start + hour * 3_600_000, 'allowed');
    return buckets.finish().bucketSeconds;
  };
  expect(sizeOf(4)).toBe(3600);
  expect(sizeOf(28)).toBe(6 * 3600);
  expect(sizeOf(700)).toBe(7 * 86_400);
});

it('has no bucket of a log without a call', () => {
  expect(new TimeBuckets().finish()).toEqual({ bucketSeconds: 1, buckets: [] });
});

it('counts every call once whatever its time is, in at most 120 buckets, and says how many have no time', () => {
  const times = fc.array(fc.oneof(fc.date().map(Number), fc.integer({ min: start, max: start + 1e8 })));
  fc.assert(
    fc.property(times, (list) => {
      const buckets = new TimeBuckets();
      for (const atMs of list) buckets.see(atMs, 'allowed');
      const { buckets: found } = buckets.finish();
      expect(found.length).toBeLessThanOrEqual(120);
      expect(found.reduce((sum, { allowed }) => sum + allowed, 0) + buckets.untimed).toBe(list.length);
    }),
  );
});
