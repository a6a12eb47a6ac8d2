import { fileURLToPath } from 'node:url';

/** What a command gets besides the log. */
export interface CommandInput {
  /** How the log is named: `[dir]`, or `['--config', file]`. */
  readonly log: readonly string[];
  /** A name for what it writes, that is not taken. */
  readonly out: string;
  /** The stream of a record that is asked for by its number; not needed where there is one stream. */
  readonly stream?: string;
}

const pin = fileURLToPath(new URL('./pin.txt', import.meta.url));
const card = fileURLToPath(new URL('../../target/server-card.json', import.meta.url));

/** The commands of an analyst, with what they need. All but `hash`, which reads its keys, read the records of a log. */
export const analystCommands = {
  show: ({ log }) => ['show', ...log],
  query: ({ log }) => ['query', ...log],
  replay: ({ log }) => ['replay', ...log, '--card', card],
  report: ({ log, out }) => ['report', ...log, '--out', out],
  export: ({ log, out }) => ['export', ...log, '--format', 'csv', '--out', out],
  verify: ({ log }) => ['verify', ...log],
  prove: ({ log, stream }) => ['prove', ...log, '--seq', '4', ...(stream === undefined ? [] : ['--stream', stream])],
  hash: ({ log }) => ['hash', ...log, '--tool', 'transfer', '--path', '/pin', '--value-file', pin],
} as const satisfies Readonly<Record<string, (input: CommandInput) => readonly string[]>>;

export type AnalystCommand = keyof typeof analystCommands;

export const analystCommandNames: readonly AnalystCommand[] = Object.keys(analystCommands) as AnalystCommand[];
