import { SetupError } from '@sallyport/core';

/** What is used of the package. */
export type DuckDB = typeof import('@duckdb/node-api');

/** The package as a user installs it, with the version this was tested with. */
const install = 'npm install @duckdb/node-api@1.5.6-r.1';

/**
 * Loads DuckDB, which is not installed with the command: it weighs 70 MB.
 *
 * @throws SetupError `ERR_CLI_DUCKDB` when it is not installed, or does not run here.
 */
export async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    throw new SetupError({
      code: 'ERR_CLI_DUCKDB',
      problem: missing
        ? 'SQL and Parquet need DuckDB, which is not installed'
        : `DuckDB can not be loaded (${cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)})`,
      remedy: `install it next to sallyport:  ${install}`,
      cause,
    });
  }
}
