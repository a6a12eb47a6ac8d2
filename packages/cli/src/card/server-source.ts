import { listServer, type ListedServer } from '@sallyport/card';
import { SetupError } from '@sallyport/core';
import type { CommandIo } from '../terminal/command-io.ts';
import { readTokenFile } from '../try/read-token-file.ts';
import { serverUrl } from '../try/server-url.ts';
import { errorWithoutToken } from '../try/without-token.ts';
import { loadBuildServer } from './load-build-server.ts';

/** Where a command learns what a server has: its module, or the running server. */
export interface ServerSource {
  readonly module: string | undefined;
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  /** Version of this command. */
  readonly version: string;
}

/** What a source listed. */
export interface ListedSource {
  readonly listed: ListedServer;
  /** Present for a running server. */
  readonly endpoint?: URL;
}

const timeoutMs = 30_000;

/**
 * Lists what a server has.
 *
 * @throws SetupError `ERR_CLI_USAGE`, `ERR_CLI_TOKEN`, `ERR_CLI_UNREACHABLE`, `ERR_CLI_ANSWER`, `ERR_CARD_DRIFT`, `ERR_CARD_PARAMETER_HEADER`
 */
export async function listSource(
  { module, url, tokenFile, version }: ServerSource,
  io: CommandIo,
): Promise<ListedSource> {
  if ((module === undefined) === (url === undefined)) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: module === undefined ? 'no server is named' : 'two servers are named',
      remedy: 'name a module that exports buildServer, or a running server with --url',
    });
  }
  if (module !== undefined) return { listed: await listServer(await loadBuildServer(module)) };
  const endpoint = serverUrl(url, io.env);
  const token = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const { listRunningServer } = await import('./list-running-server.ts');
  try {
    return { listed: await listRunningServer({ endpoint, token, timeoutMs, version }), endpoint };
  } catch (error) {
    throw errorWithoutToken(error, token);
  }
}
