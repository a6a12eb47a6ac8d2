import type { Command } from 'commander';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { addFilterOptions, positive, recordFilter, timesHelp, type FilterOptions } from '../filter-options.ts';
import { locateLog } from '../log-location.ts';
import type { ReadingResult } from '../reading/record-reading.ts';

interface TailOptions extends CommonOptions, FilterOptions {
  readonly config?: string;
  readonly last: number;
  readonly follow?: true;
}

const help = `
One line for each record, as it is written; with --follow it goes on across rotation, restarts of the
server and new streams, until it is interrupted. With --json every record is one line of JSON.

Only complete records are shown: for what is wrong or missing ask audit show or audit verify. Reading
the log that a config file names is itself recorded there (audit.read).

${timesHelp}

Examples:
  $ sallyport audit tail -f --decision deny
  $ sallyport audit tail ./audit --last 50

Exit codes:
  0  shown
  2  could not run: wrong usage, no log in the directory`;

export function addTailCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const command = parent
    .command('tail')
    .description('show the newest records, and those that are being written')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
    .option('-f, --follow', 'go on with what is written from now on')
    .option('-n, --last <count>', 'so many of the newest records of each stream first', positive, 10);
  addCommonOptions(addFilterOptions(command, io))
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: TailOptions) => {
      const { stream, last, follow = false } = options;
      const output = createOutput(io, options);
      const location = await locateLog(named, options.config, io.env);
      const filter = recordFilter(options);
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const { tailRecords } = await import('./tail-records.ts');
      const reading = { command: 'audit tail', filter: filterFacts({ ...filter, follow }) };
      const tail = async (): Promise<ReadingResult> => {
        const wanted = { filter, last, follow, stream, signal: io.signal };
        return { exitCode: 0, facts: { records: await tailRecords(location.directory, wanted, output) } };
      };
      finish(await withReading(location, reading, output, tail));
    });
}
