import { InvalidArgumentError, Option, type Command } from 'commander';
import { SetupError } from '@sallyport/core';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { callId } from '../filter-options.ts';
import { locateLog } from '../log-location.ts';
import type { ReadingResult } from '../reading/record-reading.ts';

interface ProveCommandOptions extends CommonOptions {
  readonly config?: string;
  readonly call?: string;
  readonly seq?: number;
  readonly id?: string;
  readonly stream?: string;
  readonly to?: string;
  readonly out?: string;
}

const help = `
The proof holds the records themselves, their places, the paths through the Merkle tree (RFC 6962,
RFC 9162) and the signed checkpoint they lead to. Who gets it verifies it without the log:

  $ sallyport audit prove ./audit --call 4f9c1e07 --out call.proof.json
  $ sallyport audit verify --proof call.proof.json --key log.pub

By default it leads to the oldest checkpoint that covers the records; with --to to one that was held
outside, which then vouches for them.

Exit codes:
  0  proven
  1  proven, but the log is damaged: there may be more of these records
  2  could not prove: no such record, no checkpoint covers it, or the log does not give its root`;

export function addProveCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const alone = (option: Option, ...others: readonly string[]): Option => option.conflicts([...others]);
  addCommonOptions(
    parent
      .command('prove')
      .description('make a proof that records stand in the log, to be verified without it')
      .argument('[dir]', 'the audit directory (default: that of the config file)')
      .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
      .addOption(alone(new Option('--call <id>', 'the records of this call').argParser(callId), 'seq', 'id'))
      .addOption(alone(new Option('--seq <number>', 'the record with this number').argParser(sequence), 'call', 'id'))
      .addOption(alone(new Option('--id <uuid>', 'the record with this id'), 'call', 'seq'))
      .option('--stream <name>', 'only this stream')
      .option('--to <file>', 'the checkpoint to prove against')
      .option('-o, --out <file>', 'a new file for the proof (default: stdout)'),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: ProveCommandOptions) => {
      const { call, seq, id, stream, to, out } = options;
      if (call === undefined && seq === undefined && id === undefined) {
        throw new SetupError({
          code: 'ERR_CLI_USAGE',
          problem: 'no record is named',
          remedy: 'name it with --call, --seq or --id; see  sallyport audit prove --help',
        });
      }
      const output = createOutput(io, options);
      const location = await locateLog(named, options.config, io.env);
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const { prove } = await import('./prove.ts');
      const wanted = { call, seq, id, stream, to, out };
      const run = (): Promise<ReadingResult> => prove(location.directory, wanted, output);
      const reading = { command: 'audit prove', filter: filterFacts({ call, seq, id, stream }) };
      finish(await withReading(location, reading, output, run));
    });
}

function sequence(text: string): number {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text)) throw new InvalidArgumentError('Expected a sequence number.');
  return Number(text);
}
