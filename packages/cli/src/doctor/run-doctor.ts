import { loadCard, requireScopesDeclared, type Card } from '@sallyport/card';
import { loadConfig, type SallyportConfig } from '@sallyport/config';
import { SetupError } from '@sallyport/core';
import { requireConfig } from '../token/explain.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { isUnreadableFile } from '../terminal/is-unreadable-file.ts';
import type { Output } from '../terminal/output.ts';
import { readTokenFile } from '../try/read-token-file.ts';
import { serverUrl } from '../try/server-url.ts';
import { errorWithoutToken, withoutToken } from '../try/without-token.ts';
import { checkAudiences } from './checks/audience-check.ts';
import { checkDeployment } from './checks/deployment-check.ts';
import { checkIssuers } from './checks/issuer-check.ts';
import { checkResourceUrl } from './checks/resource-check.ts';
import { checkScopes } from './checks/scope-check.ts';
import { checkToken } from './checks/token-check.ts';
import { fail, pass, skip, warn, type Finding } from './finding.ts';
import { probeServer } from './probes/probe-server.ts';
import { showFinding, showSummary } from './show-findings.ts';

export interface DoctorRequest {
  readonly config?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly url?: string | undefined;
  readonly replicas?: number | undefined;
}

export interface DoctorContext {
  readonly io: CommandIo;
  readonly output: Output;
}

/**
 * Runs every check that the request allows and shows each finding as it comes. Resolves to the exit code: 1 when something failed.
 *
 * @throws SetupError when the config or the token can not be read, and for wrong usage.
 */
export async function runDoctor(request: DoctorRequest, { io, output }: DoctorContext): Promise<number> {
  const file = requireConfig(request.config);
  const url = request.url === undefined ? undefined : serverUrl(request.url, io.env);
  const token = request.tokenFile === undefined ? undefined : await readTokenFile(request.tokenFile);
  const safe = withoutToken(output, token);
  const findings: Finding[] = [];
  try {
    for await (const finding of examine(file, { ...request, url, token, io })) {
      findings.push(finding);
      await showFinding(finding, safe);
    }
  } catch (error) {
    throw errorWithoutToken(error, token);
  }
  await showSummary(findings, safe);
  return findings.some(({ status }) => status === 'fail') ? 1 : 0;
}

interface Patient {
  readonly url: URL | undefined;
  readonly token: string | undefined;
  readonly replicas?: number | undefined;
  readonly io: CommandIo;
}

async function* examine(file: string, { url, token, replicas, io }: Patient): AsyncGenerator<Finding> {
  const loaded = await loadBoth(file, io.env);
  yield* loaded.findings;
  const { config, card } = loaded;
  if (config === undefined) return;
  yield* checkResourceUrl(config);
  yield* checkIssuers(config, io.now);
  yield* checkAudiences(config, { withToken: token !== undefined });
  yield* checkScopes(config, card);
  yield* checkDeployment(config, replicas);
  if (token === undefined) yield skip('token', 'no token was given', 'name an access token with --token-file');
  else yield* checkToken(token, config, card, io.now);
  if (url === undefined)
    yield skip(
      'server',
      'no server was named: discovery, challenge, CORS and refusals were not looked at',
      'name one with --url',
    );
  else yield* probeServer({ url, token, config, io });
}

interface Loaded {
  readonly config?: SallyportConfig;
  readonly card?: Card | undefined;
  readonly findings: readonly Finding[];
}

/** The config and its card, with the mistakes in them as findings. */
async function loadBoth(file: string, env: CommandIo['env']): Promise<Loaded> {
  let config: SallyportConfig;
  try {
    config = await loadConfig(file, { env });
  } catch (error) {
    if (!(error instanceof SetupError) || (error.code === 'ERR_CONFIG_UNREADABLE' && isUnreadableFile(error)))
      throw error;
    return { findings: [ofError('config', error)] };
  }
  const findings = [
    pass('config', `${file} is valid`),
    ...config.warnings.map(({ text }) => warn('config', text, 'see  sallyport config check')),
  ];
  try {
    const card = await loadCard(config.card, { file, pointer: '/card' });
    requireScopesDeclared(card, config.signInScopes, { file });
    return {
      config,
      card,
      findings: [...findings, pass('card', `${card.name} ${card.version}, ${card.access.tools.size} tools declared`)],
    };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { config, findings: [...findings, ofError('card', error)] };
  }
}

function ofError(check: string, { code, file, field, problem, remedy }: SetupError): Finding {
  const where = [file, field].filter((part) => part !== undefined).join(': ');
  return fail(check, code, where === '' ? problem : `${where}: ${problem}`, remedy);
}
