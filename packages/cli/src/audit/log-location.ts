import { resolve } from 'node:path';
import type { SallyportConfig } from '@sallyport/config';
import { SetupError } from '@sallyport/core';
import { usualConfig } from '../config/usual-config.ts';
import type { CommandIo } from '../terminal/command-io.ts';

/** The audit log a command works on. */
export interface LogLocation {
  readonly directory: string;
  /** The settings of the log, when a config file names its directory: then it is the log itself, and not a copy. */
  readonly settings?: SallyportConfig['audit'];
}

/**
 * Finds the audit log of a command: the directory that was named, else that of the config file, which is looked for in the working
 * directory when it is not named either. A directory that is named on its own is taken for a copy.
 *
 * @throws SetupError when there is none, or the config file is wrong.
 */
export async function locateLog(
  named: string | undefined,
  configFile: string | undefined,
  env: CommandIo['env'],
): Promise<LogLocation> {
  const file = configFile ?? usualConfig();
  if (file === undefined && named !== undefined) return { directory: named };
  if (file === undefined) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: 'no audit directory is named, and there is no sallyport.config.yaml here',
      remedy: 'name the directory, as in  sallyport audit show ./audit  or the config file with --config',
    });
  }
  const { loadConfig } = await import('@sallyport/config');
  const loaded = loadConfig(file, { env });
  // Who names a directory and no config file does not ask for the one that happens to lie here.
  const config = named !== undefined && configFile === undefined ? await loaded.catch(() => undefined) : await loaded;
  if (config === undefined) return { directory: named ?? '' };
  const { audit: settings } = config;
  if (named === undefined) return { directory: settings.directory, settings };
  return resolve(named) === settings.directory ? { directory: named, settings } : { directory: named };
}
