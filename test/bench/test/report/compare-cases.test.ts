import { expect, test } from 'vitest';

import { compareCases } from '../../src/report/compare-cases.ts';
import type { CheckMeasurement } from '../../src/token-checks/measure-cases.ts';

function measured(
  name: CheckMeasurement['case'],
  subject: CheckMeasurement['subject'],
  times: readonly number[],
  reason?: string,
): CheckMeasurement {
  const rounds = times.map((cpuMicrosPerCall) => ({ calls: 1, cpuMicrosPerCall }));
  return { case: name, subject, rounds, ...(reason === undefined ? {} : { void: reason }) };
}

test('The ratio to the bare check is the median of the ratios of the rounds.', () => {
  const [compared] = compareCases([
    measured('rs256', 'sallyport', [60, 100, 240]),
    measured('rs256', 'official', [120, 100, 120]),
    measured('rs256', 'bare', [50, 80, 100]),
  ]);
  expect(compared).toMatchObject({ case: 'rs256', micros: 100, ofOfficial: 1, isWithinLimit: true });
  expect(compared?.ofBare).toBeCloseTo(1.25);
});

test('A cached token has a limit of its own, which needs no other figure.', () => {
  expect(compareCases([measured('cached', 'sallyport', [14, 15, 16])])[0]).toMatchObject({ isWithinLimit: true });
  expect(compareCases([measured('cached', 'sallyport', [16])])[0]).toMatchObject({ isWithinLimit: false });
});

test('Without the bare check nobody can say whether the limit is kept.', () => {
  const guard = measured('expired', 'sallyport', [60]);
  for (const others of [[], [measured('expired', 'bare', [50], 'wrong')]]) {
    const [compared] = compareCases([guard, ...others]);
    expect(compared).not.toHaveProperty('ofBare');
    expect(compared).not.toHaveProperty('isWithinLimit');
  }
});

test('A void figure is not compared.', () => {
  expect(compareCases([measured('es256', 'sallyport', [60], 'wrong'), measured('es256', 'bare', [50])])).toEqual([]);
});
