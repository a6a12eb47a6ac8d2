import { loadConfig, type SallyportConfig } from '@sallyport/config';
import { SetupError, systemClock, type JsonValue, type RevocationList } from '@sallyport/core';
import { explainToken, openRevocationFile, type TokenExplanation } from '@sallyport/token';
import { readFile, stat } from 'node:fs/promises';
import { usualConfig } from '../config/usual-config.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import type { Output } from '../terminal/output.ts';
import { errorWithoutToken, withoutToken } from '../try/without-token.ts';
import { readToken } from './read-token.ts';
import { showExplanation } from './show-explanation.ts';

export interface ExplainRequest {
  readonly token: string | undefined;
  readonly config: string | undefined;
  readonly tokenFile: string | undefined;
  readonly keysFile: string | undefined;
}

export interface ExplainContext {
  readonly io: CommandIo;
  readonly output: Output;
}

/**
 * Explains a token to a person. Resolves to the exit code: 0 accepted, 1 refused, 2 nobody could say.
 *
 * @throws SetupError when the config, the token or the keys can not be read.
 */
export async function explain(request: ExplainRequest, { io, output }: ExplainContext): Promise<number> {
  const configFile = requireConfig(request.config);
  const config = await loadConfig(configFile, { env: io.env });
  const token = await readToken(request, io);
  const keys = request.keysFile === undefined ? undefined : await readKeys(request.keysFile);
  const safe = withoutToken(output, token);
  try {
    const explanation = await explainWith(token, config, { keys, now: io.now });
    await showExplanation(explanation, config, safe);
    return explanation.verdict === 'accepted' ? 0 : explanation.verdict === 'refused' ? 1 : 2;
  } catch (error) {
    if (error instanceof TypeError && request.keysFile !== undefined)
      throw keysError(request.keysFile, 'is no JWK Set', error);
    throw errorWithoutToken(error, token);
  }
}

export interface ExplainWithOptions {
  readonly keys?: JsonValue | undefined;
  readonly now: () => number;
}

/** The explanation for a loaded configuration, with the revocations of its file where there is one. */
export async function explainWith(
  token: string,
  config: SallyportConfig,
  { keys, now }: ExplainWithOptions,
): Promise<TokenExplanation> {
  const { resource, issuers, clockSkewSeconds, dangerouslyAllowInsecureIssuers, dpop, limits } = config;
  const clock = { now, monotonicNs: () => systemClock.monotonicNs() };
  const revocations = await openList(config.revocation.file, clock);
  try {
    return await explainToken(token, {
      resource,
      issuers,
      clockSkewSeconds,
      dangerouslyAllowInsecureIssuers,
      dpop,
      tokenBytes: limits.tokenBytes,
      clientCertificate: config.clientCertificate !== undefined,
      clock,
      ...(keys !== undefined && { keys }),
      ...(revocations !== undefined && { revocations }),
    });
  } finally {
    revocations?.close();
  }
}

/** The revocation file, if it is there: a command makes none. */
async function openList(
  file: string | undefined,
  clock: { now(): number; monotonicNs(): bigint },
): Promise<(RevocationList & { close(): void }) | undefined> {
  if (file === undefined) return undefined;
  const exists = await stat(file).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );
  return exists ? openRevocationFile({ path: file, clock }) : undefined;
}

/** The config file that is named, else the one in the working directory. */
export function requireConfig(named: string | undefined): string {
  const file = named ?? usualConfig();
  if (file !== undefined) return file;
  throw new SetupError({
    code: 'ERR_CLI_USAGE',
    problem: 'no config file is named, and there is no sallyport.config.yaml here',
    remedy: 'name it with --config',
  });
}

async function readKeys(file: string): Promise<JsonValue> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw keysError(file, 'can not be read', cause);
  });
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw keysError(file, 'is not JSON', cause);
  }
}

function keysError(file: string, problem: string, cause: unknown): SetupError {
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--keys',
    file,
    problem,
    remedy: 'save the document at the jwks_uri of the issuer',
    cause,
  });
}
