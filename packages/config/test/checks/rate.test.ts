import { expect, it } from 'vitest';
import { ratePattern, readRate } from '../../src/checks/rate.ts';

it('reads a count per window of seconds, minutes or hours', () => {
  expect(readRate('50/s')).toEqual({ points: 50, windowMs: 1000 });
  expect(readRate('3000/m')).toEqual({ points: 3000, windowMs: 60_000 });
  expect(readRate('100/10s')).toEqual({ points: 100, windowMs: 10_000 });
  expect(readRate('1/24h')).toEqual({ points: 1, windowMs: 86_400_000 });
});

it('knows no other form', () => {
  for (const text of [
    '',
    '50',
    '50/',
    '/s',
    '0/s',
    '-1/s',
    '1.5/s',
    '1/0s',
    '1/d',
    '1 / s',
    '1/ms',
    '50/S',
    '1e3/s',
    '٣/s',
    '1/s\n',
    '9999999999/s',
  ]) {
    expect(ratePattern.test(text), text).toBe(false);
  }
});
