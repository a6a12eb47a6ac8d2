import { Option, type Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';
import { addFilterOptions, recordFilter, rowCount, timesHelp, type FilterOptions } from './filter-options.ts';
import { locateLog } from './log-location.ts';
import type { ReadingResult } from './reading/record-reading.ts';

interface ShowOptions extends CommonOptions, FilterOptions {
  readonly config?: string;
  readonly wouldDeny?: boolean;
  readonly last?: number;
}

const help = `
The table has one line for each call: who, what, allowed or denied and why, how it ended. With
--call everything that was recorded about a call is shown. With --json every record is one line,
stream by stream. Nothing is verified: whoever could change the files could change what is shown.

Reading the log that a config file names is itself recorded there (audit.read). A directory that is
named on its own is taken for a copy and not changed.

${timesHelp}

Examples:
  $ sallyport audit show ./audit --decision deny --since 2h
  $ sallyport audit show --config sallyport.config.yaml --subject alice --tool 'db_*'
  $ sallyport audit show ./audit --call 4f9c1e07
  $ sallyport audit show ./audit --would-deny --since 7d
  $ sallyport audit show ./audit --json --since 7d | jq -r .target.name | sort | uniq -c

Exit codes:
  0  shown, also when nothing matches
  1  the log is damaged (all that could be read is shown), or there is no call with the id of --call
  2  could not run: wrong usage, no log in the directory`;

export function addShowCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const command = parent
    .command('show')
    .description('show who called what, when, allowed or denied and why')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)');
  addCommonOptions(
    addFilterOptions(command, io)
      .addOption(
        new Option(
          '--would-deny',
          'only calls that observe mode let pass and enforcing would deny, with a summary by rule and caller',
        ).conflicts(['decision', 'call']),
      )
      .addOption(
        new Option('--last <count>', 'only so many of the newest calls')
          .argParser(rowCount)
          .conflicts(['json', 'call']),
      ),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: ShowOptions) => {
      const { wouldDeny, last } = options;
      const output = createOutput(io, options);
      const location = await locateLog(named, options.config, io.env);
      const filter = { ...recordFilter(options), wouldDeny };
      const { filterFacts, withReading } = await import('./reading/record-reading.ts');
      const { showRecords } = await import('./show-records.ts');
      const reading = { command: 'audit show', filter: filterFacts(filter) };
      const show = async (): Promise<ReadingResult> => {
        const { exitCode, shown, total } = await showRecords(location.directory, { filter, last }, output);
        return { exitCode, facts: { records: shown, of: total } };
      };
      finish(await withReading(location, reading, output, show));
    });
}
