import { expect, test } from 'vitest';

import { subjectNames, type AppendResult, type AppendSubject } from '../../src/appends/protocol.ts';
import { appendLimits, formatAppends } from '../../src/report/format-appends.ts';

const result: AppendResult = {
  records: 50_000,
  elapsedMs: 1000,
  cpuMicros: 500_000,
  p50Micros: 250,
  p99Micros: 900,
  p999Micros: 950,
};

function measured(
  changes: Partial<Record<AppendSubject, Partial<AppendResult>>> = {},
): Record<AppendSubject, AppendResult[]> {
  const given: typeof changes = { pino: { records: 3000 }, harness: { cpuMicros: 50_000 }, ...changes };
  return Object.fromEntries(subjectNames.map((name) => [name, [{ ...result, ...given[name] }]])) as Record<
    AppendSubject,
    AppendResult[]
  >;
}

test('The report of appending prints each limit beside its figure, and nothing behind those that are kept.', () => {
  const text = formatAppends({ subjects: measured() });
  for (const limit of [appendLimits.recordsPerSecond, appendLimits.ofPino]) expect(text).toContain(`at least ${limit}`);
  for (const limit of [appendLimits.p99Millis, appendLimits.ofBare, appendLimits.cpuMicrosPerCall]) {
    expect(text).toContain(`at most ${limit}`);
  }
  expect(text).not.toContain('missed');
});

test('What misses its limit is marked.', () => {
  const missed = (changes: Parameters<typeof measured>[0]): number =>
    formatAppends({ subjects: measured(changes) }).split('missed').length - 1;
  expect(missed({ alone: { p50Micros: 400 } })).toBe(1);
  expect(missed({ 'callers-64': { p99Micros: 16_000 } })).toBe(1);
  // Of pino it is still more than enough.
  expect(missed({ 'callers-256': { records: 30_000 } })).toBe(1);
  expect(missed({ calls: { cpuMicros: 2_000_000 } })).toBe(1);
});

test('A log that is not what was acknowledged makes the figures void.', () => {
  expect(formatAppends({ subjects: measured(), void: 'callers-64: 2 records are missing' })).toContain(
    ': void, callers-64',
  );
});
