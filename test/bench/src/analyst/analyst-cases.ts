import { join } from 'node:path';
import { writeChangedCard } from './changed-card.ts';

/** A command of the analyst that is measured on a log of a million records. */
export interface AnalystCase {
  readonly name: string;
  /**
   * Arguments of the command.
   *
   * @param log directory of the log, which nobody may change
   * @param folder a new folder for what it writes
   */
  readonly args: (log: string, folder: string) => readonly string[];
  /** What it may take for a million records, by the clock. */
  readonly limitMs: number;
}

const sql = 'SELECT tool, effect, count(*), avg(duration_ms) FROM calls GROUP BY ALL';

export const analystCases: readonly AnalystCase[] = [
  {
    name: 'query, filtered',
    args: (log) => ['audit', 'query', log, '--subject', 'sales-061@example.com', '--decision', 'deny'],
    limitMs: 2000,
  },
  {
    name: 'query, grouped',
    args: (log) => ['audit', 'query', log, '--decision', 'deny', '--group-by', 'subject,reason'],
    limitMs: 2000,
  },
  { name: 'query, SQL', args: (log) => ['audit', 'query', log, '--sql', sql], limitMs: 10_000 },
  {
    name: 'parquet',
    args: (log, folder) => ['audit', 'export', log, '--format', 'parquet', '--out', join(folder, 'out')],
    limitMs: 5000,
  },
  {
    name: 'replay',
    args: (log, folder) => ['audit', 'replay', log, '--card', writeChangedCard(folder)],
    // 493,000 of the million records are decisions: 100,000 a second.
    limitMs: 4_930,
  },
  {
    name: 'report',
    args: (log, folder) => ['audit', 'report', log, '--out', join(folder, 'report.html')],
    limitMs: 10_000,
  },
];

/** What each may need. */
export const analystMemoryMiB = 1024;
