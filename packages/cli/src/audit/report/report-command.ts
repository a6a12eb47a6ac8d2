import type { Command } from 'commander';
import { SetupError } from '@sallyport/core';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { addTimeOptions, timesHelp, type TimeOptions } from '../filter-options.ts';
import { locateLog } from '../log-location.ts';
import { addEvidenceOptions, givenEvidence, type EvidenceOptions } from '../verify/evidence-options.ts';
import type { ReadingResult } from '../reading/record-reading.ts';

interface ReportOptions extends CommonOptions, TimeOptions, EvidenceOptions {
  readonly config?: string;
  readonly stream?: string;
  readonly out?: string;
  readonly title?: string;
}

const help = `
One HTML page for an auditor: who called what, denials, authentication failures, activity with its
peaks, what happened to the server and the log, whether denials were enforced, and what audit verify
says about the whole log, with the checkpoints on which that rests. It needs no network and no script,
and holds what the log holds: who called what. With --json the same figures are printed.

The times select what is counted; the log is verified as a whole. Without --key the signer stays
unconfirmed, as with audit verify. A report of the log that a config file names is recorded there
(audit.exported), with who, the times, and the hash of the file.

${timesHelp}

Examples:
  $ sallyport audit report --since 30d --key log.pub --out november.html
  $ sallyport audit report ./copy --key log.pub --checkpoint held.checkpoint --out ir-42.html --title 'IR-42'
  $ sallyport audit report ./copy --json | jq .figures.decisions

Exit codes:
  0  made; the log is confirmed, or nothing speaks against it
  1  made, and it says so at its top: the log is refuted, or could not be read in full
  2  could not run, and nothing was written: wrong usage, a file that exists, no log in the directory`;

export function addReportCommand(parent: Command, io: CommandIo, finish: Finish, version: string): void {
  const command = parent
    .command('report')
    .description('make one HTML page of the log for an auditor')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
    .option('--out <file>', 'a new file for the page')
    .option('--title <text>', 'title of the page (default: the origin of the log)')
    .option('--stream <name>', 'only this stream');
  addCommonOptions(addEvidenceOptions(addTimeOptions(command, io)))
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: ReportOptions) => {
      const { since: sinceMs, until: untilMs, stream, out, title } = options;
      if (out === undefined && options.json !== true) {
        throw new SetupError({
          code: 'ERR_CLI_USAGE',
          problem: 'there is no place for the page',
          remedy: 'name a new file with --out, or print the figures with --json',
        });
      }
      const output = createOutput(io, options);
      const location = await locateLog(named, options.config, io.env);
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const { writeReport } = await import('./write-report.ts');
      const reading = {
        command: 'audit report',
        filter: filterFacts({ sinceMs, untilMs, stream }),
        type: out === undefined ? 'audit.read' : 'audit.exported',
        verifies: true,
      } as const;
      const wanted = { sinceMs, untilMs, stream, out, title, given: givenEvidence(options) };
      const made = { nowMs: io.now(), madeWith: `sallyport ${version}` };
      const run = (): Promise<ReadingResult> => writeReport(location.directory, { ...wanted, ...made }, output);
      finish(await withReading(location, reading, output, run));
    });
}
