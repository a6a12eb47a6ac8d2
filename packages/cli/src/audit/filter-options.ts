import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandIo } from '../terminal/command-io.ts';
import { parseTime } from './parse-time.ts';

/** What the options of `addFilterOptions` come to. */
export interface FilterOptions {
  readonly subject?: string;
  readonly tool?: string;
  readonly decision?: 'allow' | 'deny';
  readonly since?: number;
  readonly until?: number;
}

/** Explains the times of `--since` and `--until` in a help text. */
export const timesHelp = `Times are UTC: 2026-11-20, 2026-11-20T21:00:00, 2026-11-20T21:00:00+01:00, or how long ago: 90s,
30m, 2h, 7d, 1w.`;

/** The options that select records. */
export function addFilterOptions(command: Command, io: CommandIo): Command {
  const time = (text: string): number => {
    const parsed = parseTime(text, io.now());
    if (parsed === undefined) throw new InvalidArgumentError('Expected a date such as 2026-11-20, or 7d, 2h, 30m.');
    return parsed;
  };
  return command
    .option('--subject <sub>', 'only calls of this subject')
    .option('--tool <name>', 'only calls of this tool; * stands for any characters')
    .addOption(new Option('--decision <effect>', 'only allowed or only denied calls').choices(['allow', 'deny']))
    .option('--since <time>', 'only calls from this time on', time)
    .option('--until <time>', 'only calls up to this time', time);
}

/** A UUID, or the beginning of one. */
export function callId(text: string): string {
  if (!/^[0-9a-f-]{4,36}$/i.test(text))
    throw new InvalidArgumentError('Expected a UUID or at least its first four digits.');
  return text.toLowerCase();
}

/** A number from 1 to 99999. */
export function positive(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 99999.');
  return Number(text);
}
