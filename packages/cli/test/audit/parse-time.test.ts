import { describe, expect, it } from 'vitest';
import { parseTime } from '../../src/audit/parse-time.ts';

const now = Date.parse('2026-11-20T21:00:00.000Z');

describe('parseTime', () => {
  it.each([
    ['90s', '2026-11-20T20:58:30.000Z'],
    ['30m', '2026-11-20T20:30:00.000Z'],
    ['2h', '2026-11-20T19:00:00.000Z'],
    ['7d', '2026-11-13T21:00:00.000Z'],
    ['1w', '2026-11-13T21:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20T21:00', '2026-11-20T21:00:00.000Z'],
    ['2026-11-20 21:00:07', '2026-11-20T21:00:07.000Z'],
    ['2026-11-20T21:00:07.123Z', '2026-11-20T21:00:07.123Z'],
    ['2026-11-20T21:00:07+01:00', '2026-11-20T20:00:07.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('reads %s in UTC', (text, time) => {
    expect(new Date(parseTime(text, now) ?? Number.NaN).toISOString()).toBe(time);
  });

  it.each([
    '',
    'yesterday',
    '7',
    '7y',
    '-7d',
    '7.5h',
    '2026-02-30',
    '2026-13-01',
    '2026-11-20T25:00',
    '20.11.2026',
    '9999999d',
    'NaN',
  ])('does not guess what %j means', (text) => {
    expect(parseTime(text, now)).toBeUndefined();
  });

  it('takes a date as the whole day where something ends', () => {
    const end = (text: string) => new Date(parseTime(text, now, 'ends') ?? Number.NaN).toISOString();
    expect(end('2026-11-20')).toBe('2026-11-20T23:59:59.999Z');
    expect(end('2026-11-20T21:00')).toBe('2026-11-20T21:00:00.000Z');
    expect(end('2h')).toBe('2026-11-20T19:00:00.000Z');
  });
});
