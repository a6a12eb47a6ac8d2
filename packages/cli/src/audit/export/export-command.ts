import { InvalidArgumentError, type Command } from 'commander';
import { SetupError } from '@sallyport/core';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { addFilterOptions, recordFilter, timesHelp, type FilterOptions } from '../filter-options.ts';
import { locateLog } from '../log-location.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import { exportFormats, type ExportFormat } from './export-format.ts';

interface ExportOptions extends CommonOptions, FilterOptions {
  readonly config?: string;
  readonly format: readonly ExportFormat[];
  readonly out?: string;
  readonly withProof?: string;
}

const help = `
Formats:
  jsonl  every record as it stands in the log, one line of JSON each
  csv    one line for each record (RFC 4180); what a spreadsheet would run as a formula begins with '
  ocsf   events of OCSF 1.8, one line of JSON each: calls as API Activity (6003), authentication failures
         and sessions as Authentication (3002), everything else as Base Event (0)
  ecs    events of the Elastic Common Schema 9.4, one line of JSON each
  cef    events of ArcSight CEF, one line each: a summary, without arguments and details
  parquet  the columns of audit query as Apache Parquet, compressed with ZSTD; a file only. This needs DuckDB:
         npm install @duckdb/node-api

In ocsf, ecs and cef a call and its outcome are one event.

With --out the files are audit.jsonl, audit.csv, audit.ocsf.jsonl, audit.ecs.jsonl, audit.cef and
audit.parquet, which must not exist; without it one format goes to stdout. --with-proof writes what proves that the records stand in
the log, for audit verify --proof. An export of the log that a config file names is recorded there
(audit.exported), with who, what was selected, how many records, and the hash of each file.

${timesHelp}

Examples:
  $ sallyport audit export --since 30d --format csv,ocsf --out ./ir-42 --with-proof ir-42.proof.json
  $ sallyport audit export ./copy --format csv --decision deny > denied.csv

Exit codes:
  0  exported, also when nothing matches
  1  exported what could be read: the log is damaged
  2  could not run: wrong usage, a file that exists, no log in the directory, no proof`;

export function addExportCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const command = parent
    .command('export')
    .description('write records as JSON lines, CSV, OCSF, ECS, CEF or Parquet, with a proof')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
    .requiredOption('--format <list>', 'jsonl, csv, ocsf, ecs, cef, parquet, or several with commas', formats)
    .option('--out <dir>', 'directory for the files (default: one format to stdout)')
    .option('--with-proof <file>', 'a new file for a proof of the records');
  addCommonOptions(addFilterOptions(command, io))
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: ExportOptions) => {
      const { format, out, withProof } = options;
      if (out === undefined && (format.length > 1 || format.includes('parquet'))) {
        throw new SetupError({
          code: 'ERR_CLI_USAGE',
          problem: format.length > 1 ? 'several formats can not share stdout' : 'Parquet is not for stdout',
          remedy: 'name a directory with --out, or one format',
        });
      }
      const output = createOutput(io, options);
      const location = await locateLog(named, options.config, io.env);
      const filter = recordFilter(options);
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const { exportRecords } = await import('./export-records.ts');
      const reading = {
        command: 'audit export',
        filter: filterFacts({ ...filter }),
        type: 'audit.exported',
      } as const;
      const wanted = { formats: format, filter, out, proof: withProof };
      const run = (): Promise<ReadingResult> => exportRecords(location.directory, wanted, output);
      finish(await withReading(location, reading, output, run));
    });
}

function formats(text: string): readonly ExportFormat[] {
  const list = [...new Set(text.split(','))];
  const known = list.filter((one): one is ExportFormat => (exportFormats as readonly string[]).includes(one));
  if (known.length !== list.length) throw new InvalidArgumentError(`Expected a list of ${exportFormats.join(', ')}.`);
  return known;
}
