import { Option, type Command } from 'commander';
import { SetupError } from '@sallyport/core';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { locateLog } from '../log-location.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import type { HashedThing } from './hash-value.ts';
import type { ValueSource } from './read-value.ts';

const kinds = ['argument', 'result', 'subject', 'token-id', 'session-id'] as const;

interface HashOptions extends CommonOptions, ValueSource {
  readonly config?: string;
  readonly keyFile: readonly string[];
  readonly kind: (typeof kinds)[number];
  readonly tool?: string;
  readonly prompt?: string;
  readonly path?: string;
  readonly issuer?: string;
  readonly tenant?: string;
}

const help = `
What must not stand in clear stands in records as a keyed hash: of the value, of what it is, and for
arguments and results of the tenant, the tool and the place. This prints the hash of a value, once for
each key that the log had, with the streams that had it. Then look for it:

  $ sallyport audit query ./audit --hash hmac-sha256:k1:…

An argument is a text unless --json-value says that it is JSON: 5 and "5" have different hashes. A list
or object has one hash only where it is secret as a whole; else look for what is in it. The keys are
those of the config, of --key-file, and the hash-*.key files beside the log.

Asking is recorded in the log that a config file names (audit.read): who, which tool and path, which
keys; neither the value nor its hash.

Examples:
  $ sallyport audit hash ./audit --tool transfer --path /iban --value-file iban.txt
  $ sallyport audit hash --config prod.yaml --tool transfer --path /amount --json-value --value-stdin
  $ sallyport audit hash ./audit --kind subject --issuer https://login.example.com --value-stdin

Exit codes:
  0  printed
  1  printed, but the log had keys that are not at hand: what is found with these is not all
  2  could not run: wrong usage, no key at hand, no log in the directory`;

export function addHashCommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(
    parent
      .command('hash')
      .description('print the keyed hash under which a value stands in records, to look for it')
      .argument('[dir]', 'the audit directory (default: that of the config file)')
      .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
      .addOption(new Option('--kind <kind>', 'what the value is').choices(kinds).default('argument'))
      .option('--tool <name>', 'the tool that it was an argument or result of')
      .addOption(new Option('--prompt <name>', 'the prompt that it was an argument of').conflicts('tool'))
      .option('--path <pointer>', 'where it stood: a JSON pointer, as in /iban or /rows/0/id')
      .option('--issuer <url>', 'for subjects and ids: the issuer of the token')
      .option('--tenant <tenant>', 'the tenant of the caller (default: none)')
      .option('--value-file <file>', 'a file that holds the value')
      .option('--value-stdin', 'the value comes from stdin')
      .option('--value <text>', 'the value itself, which then stands in the history of the shell')
      .option('--json-value', 'the value is JSON: a number, true, null, a text in quotes')
      .addOption(
        new Option('--key-file <file>', 'a file with a hash key of the log; can be repeated')
          .argParser((file: string, files: readonly string[]) => [...files, file])
          .default([], 'none'),
      ),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: HashOptions) => {
      const output = createOutput(io, options);
      const thing = thingOf(options);
      const { readValue } = await import('./read-value.ts');
      const value = await readValue(options, io, output);
      const location = await locateLog(named, options.config, io.env);
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const { printHashes } = await import('./print-hashes.ts');
      const { kind, tool, prompt, path, issuer, tenant, keyFile: keyFiles } = options;
      const reading = {
        command: 'audit hash',
        filter: filterFacts({ kind, tool, prompt, path, issuer, tenant }),
      };
      const run = (): Promise<ReadingResult> => printHashes(location, { value, thing, keyFiles }, output);
      finish(await withReading(location, reading, output, run));
    });
}

function thingOf({ kind, tool, prompt, path, issuer, tenant }: HashOptions): HashedThing {
  if (kind === 'argument' || kind === 'result') {
    const name = tool ?? prompt;
    if (name === undefined) throw usage(`it is not said of which tool it is the ${kind}`, 'name it with --tool');
    if (path === undefined)
      throw usage(`it is not said where in the ${kind} it stood`, 'name it with --path, as in /iban');
    if (path !== '' && !path.startsWith('/')) throw usage('--path is no JSON pointer', 'begin it with /, as in /iban');
    return { kind, target: { kind: tool === undefined ? 'prompt' : 'tool', name }, path, tenant };
  }
  if (issuer === undefined) throw usage('it is not said which issuer it is of', 'name it with --issuer');
  return kind === 'subject' ? { kind, issuer, tenant } : { kind, issuer };
}

function usage(problem: string, remedy: string): SetupError {
  return new SetupError({ code: 'ERR_CLI_USAGE', problem, remedy: `${remedy}; see  sallyport audit hash --help` });
}
