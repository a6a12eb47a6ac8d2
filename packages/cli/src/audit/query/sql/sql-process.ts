import type { DuckDBResult } from '@duckdb/node-api';
import { SetupError } from '@sallyport/core';
import { loadDuckDB, type DuckDB } from '../../columns/duckdb.ts';
import { withConnection } from '../../columns/with-connection.ts';
import { closedSettingsIn, databaseIn } from './database-settings.ts';
import { linesOf } from './lines-of.ts';
import { requireSelect } from './require-select.ts';
import { reasonOf, sqlError } from './sql-error.ts';
import { maxProcessBytes, type SqlAnswerLine, type SqlOrder } from './sql-order.ts';
import { createSqlValue } from './sql-value.ts';

// A process that answers one statement: DuckDB can not stop inside of a function, and does not count what it takes. A process can be
// stopped at any time. It ends, too, when nobody holds its stdin any more.

const betweenMs = 50;

const lines = linesOf(process.stdin);
const { value: first } = await lines.next();
const stop = (): boolean => process.kill(process.pid, 'SIGKILL');
void lines.next().then(stop, stop);
// Where the system sets no limit.
setInterval(() => process.memoryUsage.rss() > maxProcessBytes && stop(), betweenMs).unref();
const last = await answer(JSON.parse(first ?? '{}') as SqlOrder);
process.stdout.write(lineOf(last), () => process.exit());

async function answer({ folder, sql, limit }: SqlOrder): Promise<SqlAnswerLine> {
  try {
    const duckdb = await loadDuckDB();
    const settings = closedSettingsIn(folder);
    return await withConnection(duckdb, databaseIn(folder), settings, async (connection) => {
      await requireSelect(connection, sql);
      const statements = await connection.extractStatements(sql);
      const statement = await statements.prepare(0);
      if (statements.count !== 1 || statement.statementType !== duckdb.StatementType.SELECT)
        throw sqlError('it is no SELECT statement', 'give one SELECT statement');
      return { ended: { more: await writeRows(duckdb, await statement.stream(), limit) } };
    });
  } catch (error) {
    if (error instanceof SetupError) return { refused: { problem: error.problem, remedy: error.remedy } };
    const problem = `the statement failed: ${reasonOf(error)}`;
    return { refused: { problem, remedy: 'see docs/audit-query.md for tables and columns' } };
  }
}

/** Whether there are more rows than the limit. */
async function writeRows(duckdb: DuckDB, result: DuckDBResult, limit = Number.POSITIVE_INFINITY): Promise<boolean> {
  const sqlValue = createSqlValue(duckdb);
  await write(lineOf({ columns: result.deduplicatedColumnNames() }));
  let left = limit;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return false;
    const rows = chunk.getRows();
    for (const row of rows.slice(0, left)) await write(lineOf(row.map(sqlValue)));
    if (rows.length > left) return true;
    left -= rows.length;
  }
}

function lineOf(line: SqlAnswerLine): string {
  return `${JSON.stringify(line)}\n`;
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
}
