import { expect, test } from 'vitest';
import { systemClock } from '../../src/ports/clock.ts';

test('the system clock counts milliseconds since the epoch, and nanoseconds that never go back', () => {
  expect(systemClock.now()).toBeGreaterThan(Date.UTC(2024, 0));
  const first = systemClock.monotonicNs();
  expect(systemClock.monotonicNs()).toBeGreaterThanOrEqual(first);
});
