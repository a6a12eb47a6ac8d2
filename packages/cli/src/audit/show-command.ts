import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';
import { auditDirectory } from './audit-directory.ts';
import { parseTime } from './parse-time.ts';

interface ShowOptions extends CommonOptions {
  readonly config?: string;
  readonly subject?: string;
  readonly tool?: string;
  readonly decision?: 'allow' | 'deny';
  readonly wouldDeny?: boolean;
  readonly since?: number;
  readonly until?: number;
  readonly call?: string;
  readonly last?: number;
}

const help = `
The table has one line for each call: who, what, allowed or denied and why, how it ended. With
--call everything that was recorded about a call is shown. With --json every record is one line,
stream by stream. The directory is only read; a copy of it is as good. Nothing is verified:
whoever could change the files could change what is shown.

Times are UTC: 2026-11-20, 2026-11-20T21:00:00, 2026-11-20T21:00:00+01:00, or how long ago: 90s,
30m, 2h, 7d, 1w.

Examples:
  $ sallyport audit show ./audit --decision deny --since 2h
  $ sallyport audit show --config sallyport.config.yaml --subject alice --tool 'db_*'
  $ sallyport audit show ./audit --call 4f9c1e07
  $ sallyport audit show ./audit --would-deny --since 7d
  $ sallyport audit show ./audit --json --since 7d | jq -r .target.name | sort | uniq -c

Exit codes:
  0  shown, also when nothing matches
  1  the log has lines that are not its own, or there is no call with the id of --call
  2  could not run: wrong usage, no log in the directory`;

export function addShowCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const time = (text: string): number => {
    const parsed = parseTime(text, io.now());
    if (parsed === undefined) throw new InvalidArgumentError('Expected a date such as 2026-11-20, or 7d, 2h, 30m.');
    return parsed;
  };
  addCommonOptions(
    parent
      .command('show')
      .description('show who called what, when, allowed or denied and why')
      .argument('[dir]', 'the audit directory (default: that of the config file)')
      .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
      .option('--subject <sub>', 'only calls of this subject')
      .option('--tool <name>', 'only calls of this tool; * stands for any characters')
      .addOption(new Option('--decision <effect>', 'only allowed or only denied calls').choices(['allow', 'deny']))
      .addOption(
        new Option(
          '--would-deny',
          'only calls that observe mode let pass and enforcing would deny, with a summary by rule and caller',
        ).conflicts(['decision', 'call']),
      )
      .option('--since <time>', 'only calls from this time on', time)
      .option('--until <time>', 'only calls up to this time', time)
      .option('--call <id>', 'the call with this id, or with the beginning of it', callId)
      .addOption(
        new Option('--last <count>', 'only so many of the newest calls')
          .argParser(positive)
          .conflicts(['json', 'call']),
      ),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: ShowOptions) => {
      const { subject, tool, decision, wouldDeny, since: sinceMs, until: untilMs, call, last } = options;
      const directory = await auditDirectory(named, options.config, io.env);
      const filter = { subject, tool, decision, wouldDeny, sinceMs, untilMs, call };
      const { showRecords } = await import('./show-records.ts');
      finish(await showRecords(directory, { filter, last }, createOutput(io, options)));
    });
}

function callId(text: string): string {
  if (!/^[0-9a-f-]{4,36}$/i.test(text))
    throw new InvalidArgumentError('Expected a UUID or at least its first four digits.');
  return text.toLowerCase();
}

function positive(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 99999.');
  return Number(text);
}
