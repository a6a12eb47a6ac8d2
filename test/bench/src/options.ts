import { parseArgs } from 'node:util';

import { rows, type RowName } from './plan/row.ts';

export interface Options {
  readonly rows: readonly RowName[];
  readonly tools: readonly number[];
  readonly connections: number;
  readonly rounds: number;
  readonly roundMs: number;
  /** Where the JSON goes, if anywhere. */
  readonly json: string | undefined;
  /** Where logs and audit logs are written while it runs; a temporary folder when absent. */
  readonly directory: string | undefined;
}

export const usage: string = `Usage: pnpm bench [options]

  --quick              2 short rounds, with 1 and 14 tools
  --rows a,b           only these rows: ${rows.map(({ name }) => name).join(', ')}
  --tools 1,14,200     numbers of tools
  --connections 16     connections; every allowed call is measured with one, too
  --rounds 5           rounds that count
  --round-ms 1000      length of a round of one figure, in milliseconds
  --json file          write the report as JSON
  --directory dir      where audit logs are written, to choose the file system (default: a temporary folder)
`;

/** Reads the command line. Throws an `Error` with one readable line. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    // pnpm passes on the `--` that separates its own options.
    args: args.filter((arg) => arg !== '--'),
    options: {
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      tools: { type: 'string' },
      connections: { type: 'string', default: '16' },
      rounds: { type: 'string' },
      'round-ms': { type: 'string' },
      json: { type: 'string' },
      directory: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const defaults = values.quick
    ? { tools: '1,14', rounds: '2', roundMs: '300' }
    : { tools: '1,14,200', rounds: '5', roundMs: '1000' };
  return {
    rows: (values.rows?.split(',') ?? rows.map(({ name }) => name)).map(asRow),
    tools: (values.tools ?? defaults.tools).split(',').map((value) => asNumber('--tools', value, 1000)),
    connections: asNumber('--connections', values.connections, 256),
    rounds: asNumber('--rounds', values.rounds ?? defaults.rounds, 100),
    roundMs: asNumber('--round-ms', values['round-ms'] ?? defaults.roundMs, 60_000),
    json: values.json,
    directory: values.directory,
  };
}

function asRow(name: string): RowName {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`--rows: ${name} is not one of ${rows.map((known) => known.name).join(', ')}`);
  return row.name;
}

function asNumber(option: string, value: string, max: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new Error(`${option}: ${value} is not a whole number from 1 to ${max}`);
  }
  return number;
}
