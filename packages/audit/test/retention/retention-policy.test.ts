import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retainFrom, type AgedSegment } from '../../src/retention/retention-policy.ts';

const day = 86_400_000;
const nowMs = 100 * day;
const all = { nowMs, neededFrom: Number.MAX_SAFE_INTEGER };

/** Segments of ten records each, with these ages in days. */
function segments(...ages: number[]): AgedSegment[] {
  return ages.map((age, index) => ({ firstSeq: index * 10, bytes: 100, endedAtMs: nowMs - age * day }));
}

test('nothing is deleted without a limit, and nothing that is young and small', () => {
  expect(retainFrom({}, segments(90, 80, 0), all)).toBeUndefined();
  expect(retainFrom({ days: 7, bytes: 300 }, segments(6, 5, 0), all)).toBeUndefined();
});

test('segments go by age, the oldest first', () => {
  expect(retainFrom({ days: 7 }, segments(30, 20, 7, 0), all)).toBe(20);
});

test('segments go by size until the rest fits', () => {
  expect(retainFrom({ bytes: 250 }, segments(3, 2, 1, 0), all)).toBe(20);
});

test('a young segment keeps the older ones behind it', () => {
  expect(retainFrom({ days: 7 }, segments(30, 1, 30, 0), all)).toBe(10);
});

test('the last segment stays, however old and large it is', () => {
  expect(retainFrom({ days: 1, bytes: 1 }, segments(50), all)).toBeUndefined();
  expect(retainFrom({ days: 1, bytes: 1 }, segments(50, 40), all)).toBe(10);
});

test('what is needed stays, and the whole segment it is in', () => {
  expect(retainFrom({ days: 1 }, segments(50, 40, 30, 0), { nowMs, neededFrom: 19 })).toBe(10);
  expect(retainFrom({ days: 1 }, segments(50, 40, 30, 0), { nowMs, neededFrom: 20 })).toBe(20);
  expect(retainFrom({ days: 1 }, segments(50, 40, 30, 0), { nowMs, neededFrom: 0 })).toBeUndefined();
});

test('whatever the limits are, no needed record goes and the last segment stays', () => {
  const ages = fc.array(fc.nat(60), { minLength: 1, maxLength: 12 });
  const limits = fc.record({ days: fc.integer({ min: 1, max: 60 }), bytes: fc.integer({ min: 1, max: 1500 }) });
  fc.assert(
    fc.property(ages, limits, fc.nat(130), (old, policy, neededFrom) => {
      const from = retainFrom(policy, segments(...old), { nowMs, neededFrom }) ?? 0;
      expect(from).toBeLessThanOrEqual(Math.min(neededFrom, (old.length - 1) * 10));
    }),
  );
});
