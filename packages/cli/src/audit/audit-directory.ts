import { SetupError } from '@sallyport/core';
import { usualConfig } from '../config/usual-config.ts';
import type { CommandIo } from '../terminal/command-io.ts';

/**
 * The audit directory a command works on: the one that was named, else that of the config file, which is looked for in the working
 * directory when it is not named either.
 *
 * @throws SetupError when there is none, or the config file is wrong.
 */
export async function auditDirectory(
  named: string | undefined,
  configFile: string | undefined,
  env: CommandIo['env'],
): Promise<string> {
  if (named !== undefined) return named;
  const file = configFile ?? usualConfig();
  if (file === undefined) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: 'no audit directory is named, and there is no sallyport.config.yaml here',
      remedy: 'name the directory, as in  sallyport audit show ./audit  or the config file with --config',
    });
  }
  const { loadConfig } = await import('@sallyport/config');
  const config = await loadConfig(file, { env });
  return config.audit.directory;
}
