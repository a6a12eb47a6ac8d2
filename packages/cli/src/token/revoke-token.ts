import { randomUUID } from 'node:crypto';
import { loadConfig, type SallyportConfig } from '@sallyport/config';
import { SetupError, type Revocation } from '@sallyport/core';
import { appendRevocation, authorizationServers } from '@sallyport/token';
import { usualConfig } from '../config/usual-config.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import type { Output } from '../terminal/output.ts';
import { renderTable } from '../terminal/render-table.ts';

export interface RevokeTokenRequest {
  readonly config: string | undefined;
  readonly issuer: string | undefined;
  readonly jti: string | undefined;
  readonly subject: string | undefined;
  readonly session: string | undefined;
  readonly untilMs: number | undefined;
}

export interface RevokeTokenContext {
  readonly env: CommandIo['env'];
  readonly nowMs: number;
  readonly output: Output;
}

/**
 * Appends one revocation to the file of a configuration, and tells what was revoked.
 *
 * @throws SetupError when the config is wrong or has no revocation file, when the file can not be written, and for wrong usage.
 */
export async function revokeToken(request: RevokeTokenRequest, context: RevokeTokenContext): Promise<void> {
  const { nowMs, env, output } = context;
  const configFile = request.config ?? usualConfig();
  if (configFile === undefined)
    throw usage('no config file is named, and there is no sallyport.config.yaml here', 'name it with --config');
  const config = await loadConfig(configFile, { env });
  const { file, lifetimeSeconds } = config.revocation;
  if (file === undefined) {
    throw new SetupError({
      code: 'ERR_REVOCATION_FILE',
      file: configFile,
      field: 'revocation.file',
      problem: 'is not set, so a running server can not be reached',
      remedy: 'set it, for example "./revocations.jsonl", and restart the server',
    });
  }
  const entry = readEntry(request, issuerOf(request.issuer, config), nowMs, config.clockSkewSeconds);
  const untilMs = request.untilMs ?? nowMs + lifetimeSeconds * 1_000;
  const id = randomUUID();
  await append(file, { id, entry, untilMs }, nowMs);
  await tell(output, { id, entry, untilMs, file });
}

function issuerOf(named: string | undefined, { issuers, enterpriseToken }: SallyportConfig): string {
  const known = [
    ...new Set(authorizationServers([...issuers, ...(enterpriseToken === undefined ? [] : [enterpriseToken])])),
  ];
  const [only, second] = known;
  if (named === undefined && only !== undefined && second === undefined) return only;
  if (named === undefined)
    throw usage(`--issuer is missing, and the config has ${known.length} issuers`, `name one of ${known.join(', ')}`);
  if (known.includes(named)) return named;
  throw usage(`--issuer ${JSON.stringify(named)} is not in the config`, `name it byte for byte: ${known.join(', ')}`);
}

function readEntry(
  { jti, subject, session }: RevokeTokenRequest,
  issuer: string,
  nowMs: number,
  clockSkewSeconds: number,
): Revocation {
  if (jti !== undefined) return { kind: 'token', issuer, tokenId: jti };
  if (session !== undefined) return { kind: 'session', issuer, sessionId: session };
  if (subject === undefined) throw usage('nothing to revoke is named', 'add --jti, --subject or --session');
  // The clock of the issuer may be ahead: what it issued before now must not count as issued later.
  return { kind: 'subject', issuer, subject, issuedUpTo: Math.floor(nowMs / 1_000) + clockSkewSeconds };
}

async function append(file: string, line: Parameters<typeof appendRevocation>[1], nowMs: number): Promise<void> {
  try {
    await appendRevocation(file, line, nowMs);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SetupError({
      code: 'ERR_REVOCATION_FILE',
      file,
      problem: missing
        ? 'does not exist'
        : `can not be written: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}`,
      remedy: missing
        ? 'start a server with this config: it makes the file, as a user who may read it'
        : 'run the command as the user of the server',
      cause,
    });
  }
}

async function tell(
  output: Output,
  { id, entry, untilMs, file }: { id: string; entry: Revocation; untilMs: number; file: string },
): Promise<void> {
  const { issuer } = entry;
  const until = new Date(untilMs).toISOString();
  if (output.json) {
    await output.dataJson({ ok: true, id, issuer, ...namesOf(entry), until, file });
    return;
  }
  const rows: [string, string][] = [['issuer', issuer], what(entry), ['until', until], ['file', file]];
  const table = renderTable([{ title: 'field' }, { title: 'value' }], rows, { style: output.style, bare: true });
  await output.data(`${output.style('good', 'revoked')}\n\n${table}`);
  output.message('every process of this host with this file honours it within one second');
}

/** As the file names them. */
function namesOf(entry: Revocation): object {
  switch (entry.kind) {
    case 'token':
      return { jti: entry.tokenId };
    case 'session':
      return { session: entry.sessionId };
    case 'subject':
      return { subject: entry.subject, issuedUpTo: entry.issuedUpTo };
  }
}

function what(entry: Revocation): [string, string] {
  switch (entry.kind) {
    case 'token':
      return ['token', `jti ${entry.tokenId}`];
    case 'session':
      return ['session', entry.sessionId];
    case 'subject':
      return ['subject', `${entry.subject}, tokens issued until ${new Date(entry.issuedUpTo * 1_000).toISOString()}`];
  }
}

function usage(problem: string, remedy: string): SetupError {
  return new SetupError({ code: 'ERR_CLI_USAGE', problem, remedy });
}
