import { analystMemoryMiB } from '../analyst/analyst-cases.ts';
import type { AnalystMeasurement } from '../analyst/run-analyst.ts';
import { formatTable } from './format-table.ts';
import { median } from './statistics.ts';

/** Limits are for so many records; of another log they say nothing. */
const judgedRecords = 1_000_000;

/** What the commands of the analyst take on a large log. */
export function formatAnalyst(measurements: readonly AnalystMeasurement[]): string {
  const records = measurements[0]?.records ?? 0;
  const header = [`analyst, ${records} records`, 'seconds', 'best', 'CPU seconds', 'MiB', 'at most', ''];
  const lines = measurements.map(({ name, rounds, limitMs, void: reason }) => {
    if (reason !== undefined) return [name, 'void', '', '', '', '', reason];
    const seconds = median(rounds.map(({ wallMs }) => wallMs)) / 1000;
    const memory = Math.max(...rounds.map(({ memoryMiB }) => memoryMiB));
    const over = seconds > limitMs / 1000 || memory > analystMemoryMiB;
    return [
      name,
      seconds.toFixed(2),
      (Math.min(...rounds.map(({ wallMs }) => wallMs)) / 1000).toFixed(2),
      (median(rounds.map(({ cpuMs }) => cpuMs)) / 1000).toFixed(2),
      String(Math.round(memory)),
      `${limitMs / 1000} s, ${analystMemoryMiB} MiB`,
      over && records === judgedRecords ? 'over' : '',
    ];
  });
  return formatTable([header, ...lines], [1, 2, 3, 4]);
}
