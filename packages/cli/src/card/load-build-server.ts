import { SetupError } from '@sallyport/core';
import type { cardFromServer } from '@sallyport/card';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A factory as `createSallyport` takes it. */
export type BuildServer = Parameters<typeof cardFromServer>[0];

/**
 * The `buildServer` of a module: its export of that name, else its default export. The module is imported, which runs what stands at its top, and
 * nothing else of it is.
 *
 * @throws SetupError `ERR_CLI_USAGE`
 */
export async function loadBuildServer(file: string): Promise<BuildServer> {
  const exports = await importModule(file);
  const found = exports['buildServer'] ?? exports['default'];
  if (typeof found === 'function') return found as BuildServer;
  throw usage(file, 'exports no function buildServer', 'export the function that makes the server for a request');
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const message = cause instanceof Error ? cause.message : String(cause);
    const problem = `can not be imported: ${code === 'ERR_MODULE_NOT_FOUND' ? 'it, or a module it needs, is not there' : message}`;
    throw usage(file, problem, 'name the built module, such as dist/build-server.js', cause);
  }
}

function usage(file: string, problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_CLI_USAGE', file, problem, remedy, cause });
}
