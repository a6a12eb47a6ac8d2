import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { auditDirectory, story, temporaryDirectory } from '../../support/audit-log.ts';
import { runBuilt } from '../../support/run.ts';

/** Makes imports of DuckDB fail as they do where it is not installed, or with another error. */
async function without(code: string, message: string): Promise<string> {
  const folder = await temporaryDirectory();
  const hook = join(folder, 'hook.mjs');
  const start = join(folder, 'start.mjs');
  await writeFile(
    hook,
    `export function resolve(name, context, next) {
      if (name === '@duckdb/node-api') throw Object.assign(new Error(${JSON.stringify(message)}), { code: '${code}' });
      return next(name, context);
    }`,
  );
  await writeFile(
    start,
    `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hook).href)});`,
  );
  return `--import ${pathToFileURL(start).href}`;
}

it('SQL and Parquet without DuckDB say how to install it, and everything else works', async () => {
  const env = { NODE_OPTIONS: await without('ERR_MODULE_NOT_FOUND', 'Cannot find package') };
  const directory = await auditDirectory(story);
  const out = await temporaryDirectory();
  for (const args of [
    ['query', directory, '--sql', 'SELECT 1'],
    ['export', directory, '--format', 'csv,parquet', '--out', join(out, 'export')],
  ]) {
    const { code, stdout, stderr } = await runBuilt(['audit', ...args], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ERR_CLI_DUCKDB  SQL and Parquet need DuckDB, which is not installed');
    expect(stderr).toContain('npm install @duckdb/node-api@1.5.6-r.1');
  }
  expect(await readdir(out)).toEqual([]);
  expect((await runBuilt(['audit', 'query', directory, '--group-by', 'tool'], { env })).code).toBe(0);
});

it('a DuckDB that can not be loaded here is told with its reason', async () => {
  const env = { NODE_OPTIONS: await without('ERR_DLOPEN_FAILED', 'libstdc++.so.6: version not found') };
  const { code, stderr } = await runBuilt(['audit', 'query', await auditDirectory(story), '--sql', 'SELECT 1'], {
    env,
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining('can not be loaded (libstdc++.so.6: version not found)')]);
});
