import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '@sallyport/core';
import { loadDuckDB } from '../../columns/duckdb.ts';
import { createPrivateFolder } from '../../columns/private-folder.ts';
import { literal, tableSource } from '../../columns/table-source.ts';
import { withConnection } from '../../columns/with-connection.ts';
import type { ExportFile, WrittenFile } from '../export-files.ts';

/** A file of Apache Parquet that is being made. */
export interface ParquetTarget {
  /** Takes rows as `csvRow` makes them. */
  write(rows: string | Uint8Array): Promise<void>;
  /** Makes the file. */
  finish(): Promise<WrittenFile>;
  /** Removes what is not the file. To be called however the export ends. */
  dispose(): Promise<void>;
}

/** Of rows in a group, of which DuckDB holds a few. */
const rowGroup = 65_536;

/**
 * Makes a file of Apache Parquet. The rows wait in a private folder until all are there.
 *
 * @throws SetupError `ERR_CLI_DUCKDB` when DuckDB is not installed.
 */
export async function openParquet(target: ExportFile): Promise<ParquetTarget> {
  const duckdb = await loadDuckDB();
  const folder = await createPrivateFolder();
  const [source, made] = [join(folder.path, 'rows.csv'), join(folder.path, 'audit.parquet')];
  const rows = await open(source, 'wx', 0o600);
  return {
    write: (text) => rows.appendFile(text),
    async finish() {
      await rows.close();
      const settings = { memory_limit: '512MB', temp_directory: join(folder.path, 'spill') };
      await withConnection(duckdb, ':memory:', settings, async (connection) => {
        // Row groups come in any order, so that they can be made side by side; the rows of one stay in theirs.
        await connection.run('SET preserve_insertion_order = false');
        const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup}`;
        await connection.run(`COPY (${tableSource(source, false)}) TO ${literal(made)} (${options})`);
      }).catch((cause: unknown) => {
        throw new SetupError({
          code: 'ERR_CLI_SQL',
          problem: `the Parquet file can not be made: ${cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)}`,
          remedy: 'make room in the folder for temporary files (TMPDIR), or select fewer records',
          cause,
        });
      });
      for await (const chunk of createReadStream(made)) await target.write(chunk as Buffer);
      return target.finish();
    },
    async dispose() {
      await rows.close().catch(() => undefined);
      await folder.remove();
    },
  };
}
