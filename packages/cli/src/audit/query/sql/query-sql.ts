import { open, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Output } from '../../../terminal/output.ts';
import { loadDuckDB, type DuckDB } from '../../columns/duckdb.ts';
import { createPrivateFolder } from '../../columns/private-folder.ts';
import { readRows, type RowPiece } from '../../columns/read-rows.ts';
import { tableSource } from '../../columns/table-source.ts';
import { withConnection } from '../../columns/with-connection.ts';
import type { LogFindings } from '../../log-findings.ts';
import type { RecordFilter } from '../../record-filter.ts';
import type { QueryResult } from '../query-result.ts';
import { callsView } from './calls-view.ts';
import { requireSelect } from './require-select.ts';
import { showAnswer } from './sql-answer.ts';
import { reasonOf, sqlError } from './sql-error.ts';

export interface QuerySqlOptions {
  readonly filter: RecordFilter;
  readonly sql: string;
  readonly limit: number | undefined;
  readonly timeoutMs: number;
}

/** Memory that DuckDB takes for tables, joins and sorts; beyond it, it uses the private folder. */
const memoryLimit = '384MB';
const maxSpill = '8GB';

/**
 * Runs one SELECT statement on the selected records: they are loaded into a database in a private folder, which is opened again for
 * reading, without any way to files or the network, and removed at the end. The log itself is only read, by our own code.
 *
 * @throws SetupError `ERR_CLI_DUCKDB` when DuckDB is not installed, `ERR_CLI_SQL` when the statement is refused or fails.
 */
export async function querySql(
  directory: string,
  { filter, sql, limit, timeoutMs }: QuerySqlOptions,
  findings: LogFindings,
  output: Output,
): Promise<QueryResult> {
  const duckdb = await loadDuckDB();
  await checkBefore(duckdb, sql);
  const folder = await createPrivateFolder();
  try {
    const loaded = await load(
      duckdb,
      folder.path,
      { directory, filter, withRecord: namesRecord(sql) },
      findings,
      output,
    );
    const shown = await ask(duckdb, folder.path, { sql, limit, timeoutMs }, output);
    output.message(`${shown} rows from ${loaded.rows} of ${loaded.total} records`);
    return { total: loaded.total, shown };
  } finally {
    await folder.remove();
  }
}

/** The whole records are many times larger than their columns: they are loaded only for who names them. */
function namesRecord(sql: string): boolean {
  return /\brecord\b/i.test(sql);
}

/** Nobody should wait for a log to be loaded to hear that the statement is wrong. */
async function checkBefore(duckdb: DuckDB, sql: string): Promise<void> {
  await withConnection(duckdb, ':memory:', { enable_external_access: 'false' }, (connection) =>
    requireSelect(connection, sql),
  );
}

interface Load {
  readonly directory: string;
  readonly filter: RecordFilter;
  readonly withRecord: boolean;
}

/** Fixed statements alone run here. */
async function load(
  duckdb: DuckDB,
  folder: string,
  { directory, filter, withRecord }: Load,
  findings: LogFindings,
  output: Output,
): Promise<Loaded> {
  const file = join(folder, 'records.csv');
  const rows = await readRows(directory, filter, { stream: filter.stream, withRecord, findings, output });
  const loaded = await writeTo(file, rows);
  await withConnection(duckdb, databaseIn(folder), settingsIn(folder), async (connection) => {
    try {
      // Tables have no order; keeping that of the file would cost memory.
      await connection.run('SET preserve_insertion_order = false');
      await connection.run(`CREATE TABLE records AS ${tableSource(file, withRecord)}`);
      await connection.run(callsView);
    } catch (cause) {
      throw sqlError(`the records can not be loaded: ${reasonOf(cause)}`, 'select fewer, as with --since 7d', cause);
    }
  });
  // The database holds them now.
  await rm(file);
  return loaded;
}

interface Loaded {
  /** Records of the log. */
  readonly total: number;
  readonly rows: number;
}

async function writeTo(file: string, pieces: AsyncIterable<RowPiece>): Promise<Loaded> {
  const handle = await open(file, 'wx', 0o600);
  let [total, count] = [0, 0];
  try {
    for await (const { records, rows, text } of pieces) {
      total += records;
      count += rows;
      await handle.appendFile(text);
    }
  } finally {
    await handle.close();
  }
  return { total, rows: count };
}

interface Question {
  readonly sql: string;
  readonly limit: number | undefined;
  readonly timeoutMs: number;
}

async function ask(
  duckdb: DuckDB,
  folder: string,
  { sql, limit, timeoutMs }: Question,
  output: Output,
): Promise<number> {
  const settings = {
    access_mode: 'READ_ONLY',
    ...settingsIn(folder),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    enable_external_access: 'false',
    // Last: nothing can be set after it.
    lock_configuration: 'true',
  };
  return withConnection(duckdb, databaseIn(folder), settings, async (connection) => {
    await requireSelect(connection, sql);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      connection.interrupt();
    }, timeoutMs);
    try {
      const statements = await connection.extractStatements(sql);
      const statement = await statements.prepare(0);
      if (statements.count !== 1 || statement.statementType !== duckdb.StatementType.SELECT)
        throw sqlError('it is no SELECT statement', 'give one SELECT statement');
      const { shown, more } = await showAnswer(duckdb, await statement.stream(), limit, output);
      if (more && limit === undefined)
        output.warning(`more rows are not shown; raise --limit, or count in the statement`);
      return shown;
    } catch (cause) {
      if (late)
        throw sqlError(
          `the statement took longer than ${timeoutMs / 1000} s`,
          'select less, or raise --timeout',
          cause,
        );
      if (cause instanceof Error && cause.name === 'SetupError') throw cause;
      throw sqlError(
        `the statement failed: ${reasonOf(cause)}`,
        'see docs/audit-query.md for tables and columns',
        cause,
      );
    } finally {
      clearTimeout(timer);
    }
  });
}

function databaseIn(folder: string): string {
  return join(folder, 'records.db');
}

function settingsIn(folder: string): Record<string, string> {
  return {
    temp_directory: join(folder, 'spill'),
    max_temp_directory_size: maxSpill,
    memory_limit: memoryLimit,
    threads: String(Math.min(availableParallelism(), 4)),
  };
}
