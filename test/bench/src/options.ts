import { parseArgs } from 'node:util';

import { rows, type RowName } from './plan/row.ts';

/** The parts of a run besides the rows, chosen like them: what it costs to check tokens, to decide, and to ask for the card. */
const tokensPart = 'tokens';
const policyPart = 'policy';
const cardPart = 'card';
/** And how fast an audit log is verified. */
const verifyPart = 'verify';
/** And how fast its records become durable. */
const auditPart = 'audit';
/** And what it costs to observe calls. */
const telemetryPart = 'telemetry';
/** And how long the commands of the analyst take on a large log. */
const analystPart = 'analyst';
const parts: readonly string[] = [tokensPart, policyPart, cardPart, verifyPart, auditPart, telemetryPart, analystPart];

export interface Options {
  readonly rows: readonly RowName[];
  /** Whether the checks of tokens are measured, too. */
  readonly tokens: boolean;
  /** Whether decisions and a filtered list are measured, too. */
  readonly policy: boolean;
  /** Whether the published card is measured, too. */
  readonly card: boolean;
  /** Whether the writing of an audit log is measured, too. */
  readonly audit: boolean;
  /** Whether the verification of an audit log is measured, too. */
  readonly verify: boolean;
  /** Whether the observing of calls is measured, too. */
  readonly telemetry: boolean;
  /** Whether the commands of the analyst are measured, too. */
  readonly analyst: boolean;
  /** Calls in the log that is verified. */
  readonly verifyCalls: number;
  /** Records in the log of the analyst. */
  readonly analystRecords: number;
  readonly tools: readonly number[];
  readonly connections: number;
  readonly rounds: number;
  readonly roundMs: number;
  /** How many invalid tokens the memory is measured with. */
  readonly invalidTokens: number;
  /** Where the JSON goes, if anywhere. */
  readonly json: string | undefined;
  /** Where logs and audit logs are written while it runs; a temporary folder when absent. */
  readonly directory: string | undefined;
}

export const usage: string = `Usage: pnpm bench [options]

  --quick              2 short rounds, with 1 and 14 tools, and fewer invalid tokens
  --rows a,b           only these rows: ${rows.map(({ name }) => name).join(', ')};
                       ${tokensPart} for what it costs to check tokens, ${policyPart} for what it costs to decide,
                       ${cardPart} for what it costs to ask for the published card,
                       ${verifyPart} for how fast an audit log is verified,
                       ${auditPart} for how fast its records become durable,
                       ${telemetryPart} for what it costs to observe calls,
                       ${analystPart} for how long the commands of the analyst take on a large log
  --tools 1,14,200     numbers of tools
  --connections 16     connections; every allowed call is measured with one, too
  --rounds 5           rounds that count
  --round-ms 1000      length of a round of one figure, in milliseconds
  --invalid-tokens 1000000
                       invalid tokens that the memory of ${tokensPart} is measured with
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
      'invalid-tokens': { type: 'string' },
      json: { type: 'string' },
      directory: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const defaults = values.quick
    ? {
        tools: '1,14',
        rounds: '2',
        roundMs: '300',
        invalidTokens: '20000',
        verifyCalls: 50_000,
        analystRecords: 50_000,
      }
    : {
        tools: '1,14,200',
        rounds: '5',
        roundMs: '1000',
        invalidTokens: '1000000',
        verifyCalls: 250_000,
        analystRecords: 1_000_000,
      };
  const chosen = values.rows?.split(',') ?? [...rows.map(({ name }) => name), ...parts];
  return {
    rows: chosen.filter((part) => !parts.includes(part)).map(asRow),
    tokens: chosen.includes(tokensPart),
    policy: chosen.includes(policyPart),
    card: chosen.includes(cardPart),
    verify: chosen.includes(verifyPart),
    audit: chosen.includes(auditPart),
    telemetry: chosen.includes(telemetryPart),
    analyst: chosen.includes(analystPart),
    verifyCalls: defaults.verifyCalls,
    analystRecords: defaults.analystRecords,
    tools: (values.tools ?? defaults.tools).split(',').map((value) => asNumber('--tools', value, 1000)),
    connections: asNumber('--connections', values.connections, 256),
    rounds: asNumber('--rounds', values.rounds ?? defaults.rounds, 100),
    roundMs: asNumber('--round-ms', values['round-ms'] ?? defaults.roundMs, 60_000),
    invalidTokens: asNumber('--invalid-tokens', values['invalid-tokens'] ?? defaults.invalidTokens, 100_000_000),
    json: values.json,
    directory: values.directory,
  };
}

function asRow(name: string): RowName {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) {
    const known = [...rows.map((candidate) => candidate.name), ...parts];
    throw new Error(`--rows: ${name} is not one of ${known.join(', ')}`);
  }
  return row.name;
}

function asNumber(option: string, value: string, max: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new Error(`${option}: ${value} is not a whole number from 1 to ${max}`);
  }
  return number;
}
