import { expect, test } from 'vitest';

import { formatVerify } from '../../src/report/format-verify.ts';

const round = { records: 100_000, bytes: 80_000_000, wallMs: 500, cpuMs: 400 };

test('the report of verification prints the limit, and nothing behind it when it is kept', () => {
  const text = formatVerify({ rounds: [round] });
  expect(text).toContain('250000');
  expect(text).toContain('200000 records/s or 300 MB/s');
  expect(text).not.toContain('under');
});

test('either figure is enough', () => {
  expect(formatVerify({ rounds: [{ ...round, cpuMs: 600, bytes: 200_000_000 }] })).not.toContain('under');
});

test('a slow verification is marked, and one of a broken log is void', () => {
  expect(formatVerify({ rounds: [{ ...round, cpuMs: 1000 }] })).toMatch(/under\s*$/);
  expect(formatVerify({ rounds: [], void: 'a line is gone' })).toBe('audit verify, one core: void, a line is gone');
});
