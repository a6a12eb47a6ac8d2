import { open, rm } from 'node:fs/promises';
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
import { databaseIn, settingsIn } from './database-settings.ts';
import { requireSelect } from './require-select.ts';
import { showAnswer } from './sql-answer.ts';
import { reasonOf, sqlError } from './sql-error.ts';

export interface QuerySqlOptions {
  readonly filter: RecordFilter;
  readonly sql: string;
  readonly limit: number | undefined;
  readonly timeoutMs: number;
}

/**
 * Runs one SELECT statement on the selected records: they are loaded into a database in a private folder, which is opened again for
 * reading by a process of its own, without any way to files or the network, and removed at the end. The log itself is only read, by our
 * own code.
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
    const { shown, cut } = await showAnswer({ folder: folder.path, sql, limit, timeoutMs }, output);
    output.message(`${shown} rows from ${loaded.rows} of ${loaded.total} records`);
    return { total: loaded.total, shown, cut };
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
