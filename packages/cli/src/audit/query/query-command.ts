import { InvalidArgumentError, Option, type Command } from 'commander';
import { SetupError } from '@sallyport/core';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import {
  addFilterOptions,
  positive,
  recordFilter,
  rowCount,
  timesHelp,
  type FilterOptions,
} from '../filter-options.ts';
import { createLogFindings } from '../log-findings.ts';
import { locateLog } from '../log-location.ts';
import { warnOfMisses } from '../misses/warn-of-misses.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import { groupKeys, type GroupKey } from './groups/group-key.ts';
import { parseSort, type Sort } from './sort.ts';
import { readSql } from './sql/read-sql.ts';
import { sqlFacts } from './sql/sql-facts.ts';

interface QueryOptions extends CommonOptions, FilterOptions {
  readonly config?: string;
  readonly groupBy?: readonly GroupKey[];
  readonly sort?: Sort;
  readonly limit?: number;
  readonly sql?: string;
  readonly timeout: number;
}

const help = `
Without --group-by the answer has one line for each call, as with audit show; with it one line for
each group, with how many calls there were, how many were allowed and denied, and when the last one
was. Keys: ${groupKeys.slice(0, 8).join(', ')},
${groupKeys.slice(8).join(', ')} (UTC); several with commas.

With --sql the selected records are loaded into a database of their own, which is deleted at the end,
and one SELECT statement runs on it: on the table records, or on calls, where a decision and its
outcome are one row, and refusals that were counted together are one too: sum(count) counts them all.
It can read nothing else and write nothing. The column record, the whole record as JSON, is there
when the statement names it. This needs DuckDB: npm install @duckdb/node-api

--sort takes time, subject, client, tool, decision or rule; with --group-by the keys, calls, allowed,
denied, first or last; a minus before it means descending. Default: time, with --group-by -calls.

With --json the answer is one line of JSON each, with the columns of calls. Every line of the log is
checked to be a record in its place; nothing else is verified: see audit verify. Reading the log that
a config file names is itself recorded there (audit.read), with the filter and the statement.

${timesHelp}

Examples:
  $ sallyport audit query --subject alice@acme.com --tool 'db_*' --since 7d
  $ sallyport audit query ./audit --decision deny --group-by subject,reason --limit 20
  $ sallyport audit query ./audit --type auth.failure --group-by day --sort day
  $ sallyport audit query ./audit --sql 'SELECT tool, avg(duration_ms) FROM calls GROUP BY ALL'
  $ sallyport audit query ./audit --since 30d --sql - < peaks.sql

Exit codes:
  0  answered, also when nothing matches
  1  answered in part: the log is damaged, or there is more than is shown and no --limit asks for that
  2  could not run: wrong usage, no log in the directory, a statement that is refused or fails`;

export function addQueryCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const command = parent
    .command('query')
    .description('find calls in a large log, count them by groups, or ask in SQL')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)');
  addCommonOptions(
    addFilterOptions(command, io)
      .option('--group-by <keys>', 'count calls by these, with commas', parseKeys)
      .option('--sort <column>', 'order of the answer', parseSort)
      .option('--limit <count>', 'only so many lines of the answer', rowCount)
      .addOption(
        new Option('--sql <statement>', 'one SELECT statement, or - to read it from stdin').conflicts([
          'groupBy',
          'sort',
        ]),
      )
      .option('--timeout <seconds>', 'longest time of the statement', positive, 60),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: QueryOptions) => {
      const { groupBy: keys, sort, limit, timeout } = options;
      await requireSort(sort, keys);
      const sql = options.sql === undefined ? undefined : await readSql(options.sql, io);
      const output = createOutput(io, options);
      const location = await locateLog(named, options.config, io.env);
      const selected = recordFilter(options);
      const filter = { ...selected, withEnds: true };
      const { filterFacts, withReading } = await import('../reading/record-reading.ts');
      const facts = filterFacts({ ...selected, groupBy: keys });
      const hide = location.settings?.pseudonymizeSubjects === true;
      const reading = {
        command: 'audit query',
        filter: sql === undefined ? facts : { ...facts, ...sqlFacts(sql, hide) },
      };
      const query = async (): Promise<ReadingResult> => {
        const findings = createLogFindings();
        const { directory } = location;
        const common = { filter, sort, limit };
        let result;
        if (sql !== undefined) {
          const { querySql } = await import('./sql/query-sql.ts');
          result = await querySql(directory, { filter, sql, limit, timeoutMs: timeout * 1000 }, findings, output);
        } else if (keys !== undefined) {
          const { queryGroups } = await import('./groups/query-groups.ts');
          result = await queryGroups(directory, { ...common, keys }, findings, output);
        } else {
          const { queryCalls } = await import('./query-calls.ts');
          result = await queryCalls(directory, common, findings, output);
        }
        // What a statement finds nothing in may be a row all the same.
        await warnOfMisses(directory, selected, { found: sql === undefined && result.shown > 0 }, output);
        const exitCode = findings.report(directory, output) || result.cut ? 1 : 0;
        return { exitCode, facts: { rows: result.shown, of: result.total } };
      };
      finish(await withReading(location, reading, output, query));
    });
}

function parseKeys(text: string): readonly GroupKey[] {
  const list = [...new Set(text.split(','))];
  const known = list.filter((one): one is GroupKey => (groupKeys as readonly string[]).includes(one));
  if (known.length !== list.length) throw new InvalidArgumentError(`Expected a list of ${groupKeys.join(', ')}.`);
  return known;
}

async function requireSort(sort: Sort | undefined, keys: readonly GroupKey[] | undefined): Promise<void> {
  if (sort === undefined) return;
  const known: readonly string[] =
    keys === undefined
      ? (await import('./query-calls.ts')).callSorts
      : [...keys, ...(await import('./groups/query-groups.ts')).groupSorts];
  if (known.includes(sort.by)) return;
  throw new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--sort',
    problem: `${sort.by} is no column of the answer`,
    remedy: `sort by ${known.join(', ')}, or -${known[0] ?? ''} for descending`,
  });
}
