import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandIo } from '../terminal/command-io.ts';
import { parseTime } from './parse-time.ts';
import { isAddressFilter } from './address-filter.ts';
import type { RecordFilter } from './record-filter.ts';

/** What the options of `addTimeOptions` come to: milliseconds since the epoch. */
export interface TimeOptions {
  readonly since?: number;
  readonly until?: number;
}

/** What the options of `addFilterOptions` come to. */
export interface FilterOptions extends TimeOptions {
  readonly subject?: string;
  readonly client?: string;
  readonly issuer?: string;
  readonly tool?: string;
  readonly method?: string;
  readonly decision?: 'allow' | 'deny';
  readonly reason?: string;
  readonly type?: string;
  readonly ip?: string;
  readonly hash?: string;
  readonly call?: string;
  readonly stream?: string;
}

/** Explains the times of `--since` and `--until` in a help text. */
export const timesHelp = `Times are UTC: 2026-11-20, 2026-11-20T21:00:00, 2026-11-20T21:00:00+01:00, or how long ago: 90s,
30m, 2h, 7d, 1w. A day in --until is included as a whole.`;

/** The options that select records. In those with a pattern, `*` stands for any characters. */
export function addFilterOptions(command: Command, io: CommandIo): Command {
  command
    .option('--subject <sub>', 'only calls of this subject')
    .option('--client <id>', 'only calls of this client id')
    .option('--issuer <url>', 'only calls with tokens of this issuer')
    .option('--tool <name>', 'only calls of this tool; * stands for any characters')
    .option('--method <name>', 'only calls of this method; * stands for any characters')
    .addOption(new Option('--decision <effect>', 'only allowed or only denied calls').choices(['allow', 'deny']))
    .option('--reason <name>', 'only refusals for this reason; * stands for any characters')
    .option('--type <name>', 'only records of this type; * stands for any characters')
    .option('--ip <address>', 'only calls from this address or network, as in 203.0.113.0/24', address)
    .option('--hash <hash>', 'only calls with this keyed hash in them, as audit hash prints it', keyedHash)
    .option('--call <id>', 'the call with this id, or with the beginning of it', callId)
    .option('--stream <name>', 'only this stream');
  return addTimeOptions(command, io);
}

/** The filter that the options mean. */
export function recordFilter(options: FilterOptions): RecordFilter {
  const { subject, client, issuer, tool, method, decision, reason, type, ip, hash, call, stream } = options;
  const times = { sinceMs: options.since, untilMs: options.until };
  return { subject, client, issuer, tool, method, decision, reason, type, ip, hash, call, stream, ...times };
}

/** The options that select a time. */
export function addTimeOptions(command: Command, io: CommandIo): Command {
  const time = (text: string, day: 'begins' | 'ends'): number => {
    const parsed = parseTime(text, io.now(), day);
    if (parsed === undefined) throw new InvalidArgumentError('Expected a date such as 2026-11-20, or 7d, 2h, 30m.');
    return parsed;
  };
  return command
    .option('--since <time>', 'only calls from this time on', (text) => time(text, 'begins'))
    .option('--until <time>', 'only calls up to this time; a day is included', (text) => time(text, 'ends'));
}

/** A UUID, or the beginning of one. */
export function callId(text: string): string {
  if (!/^[0-9a-f-]{4,36}$/i.test(text))
    throw new InvalidArgumentError('Expected a UUID or at least its first four digits.');
  return text.toLowerCase();
}

function address(text: string): string {
  if (!isAddressFilter(text)) throw new InvalidArgumentError('Expected an address, or a network as in 203.0.113.0/24.');
  return text;
}

function keyedHash(text: string): string {
  if (!/^hmac-sha256:[A-Za-z0-9]{1,16}:[A-Za-z0-9_-]{43}$/.test(text))
    throw new InvalidArgumentError('Expected a keyed hash such as hmac-sha256:k1:… with 43 characters at its end.');
  return text;
}

/** How many rows: a number from 1 to 10,000,000. */
export function rowCount(text: string): number {
  const count = /^[1-9][0-9]{0,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= 10_000_000)) throw new InvalidArgumentError('Expected a number from 1 to 10000000.');
  return count;
}

/** A number from 1 to 99999. */
export function positive(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 99999.');
  return Number(text);
}
