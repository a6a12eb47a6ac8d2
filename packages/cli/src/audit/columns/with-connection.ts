import type { DuckDBConnection } from '@duckdb/node-api';
import type { DuckDB } from './duckdb.ts';

/** Opens a database with settings, uses one connection, and closes both. */
export async function withConnection<Result>(
  duckdb: DuckDB,
  path: string,
  settings: Record<string, string>,
  use: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const instance = await duckdb.DuckDBInstance.create(path, settings);
  try {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
