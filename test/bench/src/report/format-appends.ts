import type { AppendsMeasurement } from '../appends/run-appends.ts';
import type { AppendResult } from '../appends/protocol.ts';
import { formatTable } from './format-table.ts';
import { median, spread } from './statistics.ts';

/** What the log promises. */
export const appendLimits: {
  readonly recordsPerSecond: number;
  readonly ofPino: number;
  readonly p99Millis: number;
  readonly ofBare: number;
  readonly cpuMicrosPerCall: number;
  readonly turnMillis: number;
} = { recordsPerSecond: 40_000, ofPino: 8, p99Millis: 15, ofBare: 1.5, cpuMicrosPerCall: 40, turnMillis: 1 };

/** How fast records become durable, for people. */
export function formatAppends({ subjects, void: reason }: AppendsMeasurement): string {
  const title = 'audit log: records durable, hashed and under a checkpoint';
  if (reason !== undefined) return `${title}: void, ${reason}`;
  const of = (results: readonly AppendResult[], figure: (result: AppendResult) => number): number[] =>
    results.map(figure);
  const perSecond = (result: AppendResult): number => (result.records / result.elapsedMs) * 1000;
  const perCall = (result: AppendResult): number => (2 * result.cpuMicros) / result.records;
  const bare = of(subjects.bare, ({ p50Micros }) => p50Micros);
  const pino = of(subjects.pino, perSecond);
  const alone = of(subjects.alone, ({ p50Micros }) => p50Micros);
  const many = of(subjects['callers-256'], perSecond);
  const harness = median(of(subjects.harness, perCall));
  const limits = appendLimits;
  const lines = [
    line('a bare write and fdatasync, p50', bare, 'µs'),
    line('one caller alone, p50', alone, 'µs'),
    line('… of the bare one', ratios(alone, bare), '×', { atMost: limits.ofBare }),
    line(
      '64 callers, acknowledged p99',
      of(subjects['callers-64'], (it) => it.p99Micros / 1000),
      'ms',
      { atMost: limits.p99Millis },
    ),
    line('64 callers', of(subjects['callers-64'], perSecond), 'records/s'),
    line('256 callers', many, 'records/s', { atLeast: limits.recordsPerSecond }),
    line('pino with fsync: true', pino, 'records/s'),
    line('256 callers, of pino', ratios(many, pino), '×', { atLeast: limits.ofPino }),
    line(
      'processor, a call with 8 leaves',
      of(subjects.calls, (it) => perCall(it) - harness),
      'µs',
      { atMost: limits.cpuMicrosPerCall },
    ),
    line(
      'busy turns of the loop, p99',
      of(subjects.turns, (it) => it.p99Micros / 1000),
      'ms',
      { atMost: limits.turnMillis },
    ),
  ];
  return [title, formatTable([['', 'median', '', '±', 'limit', ''], ...lines], [1, 3])].join('\n');
}

function line(
  what: string,
  values: readonly number[],
  unit: string,
  limit: { readonly atLeast?: number; readonly atMost?: number } = {},
): string[] {
  const value = median(values);
  const { atLeast, atMost } = limit;
  const shown = atLeast !== undefined ? `at least ${atLeast}` : atMost !== undefined ? `at most ${atMost}` : '';
  const missed = (atLeast !== undefined && value < atLeast) || (atMost !== undefined && value > atMost);
  const digits = value < 10 ? 2 : value < 1000 ? 1 : 0;
  return [what, value.toFixed(digits), unit, `${Math.round(spread(values) * 100)} %`, shown, missed ? 'missed' : ''];
}

/** Round by round: both meet the same machine. */
function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, index) => value / (others[index] ?? NaN));
}
