import { fillFromEnvironment } from './environment/fill-from-environment.ts';
import { findWarnings } from './environment/warnings.ts';
import { findWrittenSecrets } from './environment/written-secrets.ts';
import { interpolate, type Environment, type Interpolated } from './interpolate/interpolate.ts';
import { formatPath } from './problem/field-path.ts';
import { problemsFromIssue } from './problem/from-issue.ts';
import { throwFirst, type Problem } from './problem/problem.ts';
import { NotPlain } from './read/copy-plain.ts';
import { readSource, type Source } from './read/read-source.ts';
import { crossCheck } from './resolve/cross-checks.ts';
import { deepFreeze } from './resolve/deep-freeze.ts';
import { hashConfig } from './resolve/hash-config.ts';
import { resolveConfig } from './resolve/resolve-config.ts';
import { configSchema } from './schema/config-schema.ts';
import type { ConfigInput } from './types/config-input.ts';
import type { ConfigValues } from './types/config-values.ts';
import type { SallyportConfig } from './types/sallyport-config.ts';

export interface LoadConfigOptions {
  /** Where `${env:…}`, `ISSUER_BASE_URL` and `AUDIENCE` are looked up. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What relative paths start from. Default: the folder of the config file; for an object the working directory. */
  readonly baseDirectory?: string;
}

/**
 * Reads, resolves and validates a configuration, and fills its defaults.
 *
 * A string is the path of a `.json`, `.yaml` or `.yml` file of at most 1 MiB. An object is copied; later changes have no effect.
 * References are replaced once, then the environment fills what is left out, then everything is checked.
 * It does not look into the Server Card, does not create the audit directory, and does not contact an issuer.
 *
 * @throws SetupError `ERR_CONFIG_UNREADABLE` when the file can not be read or parsed, `ERR_CONFIG_UNAVAILABLE` when it asks for
 * a feature that is not available yet, `ERR_CONFIG_INVALID` for everything else. The first mistake only; no value of a secret, of a
 * variable or of a referred file is in the message.
 */
export async function loadConfig(
  source: string | ConfigInput,
  options: LoadConfigOptions = {},
): Promise<SallyportConfig> {
  const env: Environment = options.env ?? process.env;
  const found = await readSource(source, options.baseDirectory);
  const values = await validate(found, env);
  const config = resolveConfig(values, found.baseDirectory);
  return deepFreeze({
    ...(found.file === undefined ? {} : { file: found.file }),
    hash: hashConfig(config),
    ...config,
    warnings: findWarnings(values, { env, exposedSecrets: isExposed(found) ? findWrittenSecrets(found.value) : [] }),
  });
}

async function validate(source: Source, env: Environment): Promise<ConfigValues> {
  const { value, problems, origins } = await resolveReferences(source, env);
  fillFromEnvironment(value, env, origins);
  const result = configSchema.safeParse(value);
  const context = { value, origin: (path: Problem['path']) => origins.get(formatPath(path)) };
  const issues = result.error?.issues.flatMap((issue) => problemsFromIssue(issue, context)) ?? [];
  throwFirst([...problems, ...issues, ...(result.data === undefined ? [] : crossCheck(result.data))], source.label);
  return result.data as ConfigValues;
}

async function resolveReferences(source: Source, env: Environment): Promise<Interpolated> {
  try {
    return await interpolate(source.value, env, source.baseDirectory);
  } catch (error) {
    if (error instanceof NotPlain) throwFirst([error.problem], source.label);
    throw error;
  }
}

/** True when others can access the file. */
function isExposed(source: Source): boolean {
  return ((source.mode ?? 0) & 0o077) !== 0;
}
