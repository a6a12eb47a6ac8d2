import { expect, it } from 'vitest';
import { formatAnalyst } from '../../src/report/format-analyst.ts';

const round = (wallMs: number, memoryMiB = 200) => ({ wallMs, cpuMs: wallMs * 2, memoryMiB });

it('shows time, processor and memory of each command, and what is over its limit', () => {
  const measured = [
    { name: 'report', records: 1_000_000, limitMs: 10_000, rounds: [round(7000), round(8000), round(6500)] },
    { name: 'slow', records: 1_000_000, limitMs: 2000, rounds: [round(2500)] },
    { name: 'large', records: 1_000_000, limitMs: 5000, rounds: [round(100, 2000)] },
    { name: 'broken', records: 1_000_000, limitMs: 5000, rounds: [], void: 'exit 2: no log' },
  ];
  expect(formatAnalyst(measured)).toBe(
    [
      'analyst, 1000000 records  seconds  best  CPU seconds   MiB  at most',
      'report                       7.00  6.50        14.00   200  10 s, 1024 MiB',
      'slow                         2.50  2.50         5.00   200  2 s, 1024 MiB   over',
      'large                        0.10  0.10         0.20  2000  5 s, 1024 MiB   over',
      'broken                       void                                           exit 2: no log',
    ].join('\n'),
  );
});

it('does not judge a smaller log', () => {
  expect(formatAnalyst([{ name: 'report', records: 50_000, limitMs: 1, rounds: [round(7000)] }])).not.toContain('over');
});
