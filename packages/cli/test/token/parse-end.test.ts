import { describe, expect, it } from 'vitest';
import { parseEnd } from '../../src/token/parse-end.ts';

const now = Date.parse('2026-11-20T22:00:00Z');

describe('the end of a revocation', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
  ])('%s is so long from now', (text, ms) => {
    expect(parseEnd(text, now)).toBe(now + ms);
  });

  it('is a date or time as it stands', () => {
    expect(parseEnd('2026-11-21', now)).toBe(Date.parse('2026-11-21T00:00:00Z'));
    expect(parseEnd('2026-11-21T10:00:00+01:00', now)).toBe(Date.parse('2026-11-21T09:00:00Z'));
  });

  it.each(['', 'tomorrow', '7', '0s', '-7d', '2026-11-20', '2026-02-30', '2026-11-20T22:00:00'])(
    'is not %j',
    (text) => {
      expect(parseEnd(text, now)).toBeUndefined();
    },
  );
});
