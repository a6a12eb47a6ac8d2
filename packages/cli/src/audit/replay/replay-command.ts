import { Option, type Command } from 'commander';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { addFilterOptions, recordFilter, rowCount, timesHelp, type FilterOptions } from '../filter-options.ts';
import { locateLog } from '../log-location.ts';
import type { ReadingResult } from '../reading/record-reading.ts';

interface ReplayOptions extends CommonOptions, FilterOptions {
  readonly card: string;
  readonly config?: string;
  readonly limit?: number;
  readonly expectNoChange?: true;
}

const help = `
Every recorded decision is made again under another Server Card, for a server that registers what that
card declares. A record holds less than the call did: an answer is given only when it is the same
whatever is missing, and calls that depend on it are counted as not replayable, with the reason.
Groups, roles and sign-ins stand in no record, arguments only at the levels request and full. Where
the policy is the one that decided then, the answer is the one that was recorded.

Refusals before a decision (no valid token, malformed, too many) do not depend on the card. They are
counted apart.

${timesHelp}

Examples:
  $ sallyport audit replay ./yesterday --card new-card.json
  $ sallyport audit replay --config prod.yaml --card new-card.json --since 30d --tool 'db_*'
  $ sallyport audit replay ./copy --card new-card.json --expect-no-change --quiet

Exit codes:
  0  replayed, whatever changes; with --expect-no-change: nothing changes
  1  the log has lines that are not its own, or lacks some; with --expect-no-change: something changes
  2  could not run: wrong usage, the card is not valid, no log in the directory
  3  with --expect-no-change: nothing is known to change, but some calls can not be replayed`;

export function addReplayCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const command = parent
    .command('replay')
    .description('decide the recorded calls again under another card, and list what would change')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .requiredOption('--card <file>', 'the Server Card to decide by')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)');
  addCommonOptions(
    addFilterOptions(command, io)
      .addOption(new Option('--limit <rows>', 'rows to show (default: 50; with --json all)').argParser(rowCount))
      .option('--expect-no-change', 'fail when a call would be decided otherwise'),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: ReplayOptions) => {
      const { limit, expectNoChange = false } = options;
      const output = createOutput(io, options);
      const { loadCard } = await import('@sallyport/card');
      const card = await loadCard(options.card);
      const location = await locateLog(named, options.config, io.env);
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const { replayLog } = await import('./replay-log.ts');
      const filter = recordFilter(options);
      const reading = { command: 'audit replay', filter: filterFacts({ ...filter, policy: card.policy }) };
      const wanted = { card, filter, limit, expectNoChange };
      const run = (): Promise<ReadingResult> => replayLog(location.directory, wanted, output);
      finish(await withReading(location, reading, output, run));
    });
}
