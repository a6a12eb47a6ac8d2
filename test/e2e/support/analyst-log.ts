import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { runCli } from './cli.ts';
import { modern, send } from './mcp-request.ts';
import { startTarget, type Target } from './target.ts';

/** A log that a real server wrote and closed, with what an analyst has beside it. */
export interface AnalystLog {
  /** Holds `audit` (the log), `config.json`, `anchor` (its file anchor) and `log.pub`, the public key as it was pinned after the first start. */
  readonly folder: string;
  readonly auditDirectory: string;
  readonly configFile: string;
  readonly target: Target;
}

/** A host that traces its calls. */
const env = { NODE_OPTIONS: `--import=${new URL('./tracing.mjs', import.meta.url).href}` };

const callers = {
  alice: ['notes:read', 'notes:write', 'payments:write'],
  bob: ['notes:read', 'echo:call'],
  agent: ['notes:read'],
} as const;
type Caller = keyof typeof callers;

/** Two starts of the target: calls of three callers, refusals of every kind, a token that is taken back, a new signing key. */
export async function makeAnalystLog(): Promise<AnalystLog> {
  const idp = await startDevIdp({ quiet: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-analyst-'));
  mkdirSync(path.join(folder, 'anchor'));
  const config = {
    signInScopes: ['notes:read'],
    revocation: { file: './revocations.jsonl' },
    audit: {
      origin: 'mcp.example.com',
      anchors: [{ type: 'file', path: './anchor/checkpoints.jsonl', intervalSeconds: 1 }],
    },
  };
  const first = await startTarget({ issuer: idp.issuer, config, folder, env });
  const { auditDirectory } = first;
  const configFile = path.join(folder, 'config.json');
  cpSync(path.join(auditDirectory, 'signing-target.pub'), path.join(folder, 'log.pub'));
  await tellStory(first, idp);
  await runCli(['token', 'revoke', '--config', configFile, '--subject', 'bob']);
  await first.waitForRecord(({ type }) => type === 'token.revoked');
  await first.stop();
  await runCli(['audit', 'keys', 'rotate', '--config', configFile]);
  const target = await startTarget({ issuer: idp.issuer, config, folder, env });
  await call(target, idp, 'alice', 'read-note', { id: '1' });
  await target.stop();
  await idp.close();
  return { folder, auditDirectory, configFile, target };
}

async function tellStory(target: Target, idp: DevIdp): Promise<void> {
  await send(target.url, modern('tools/call', { name: 'read-note', arguments: { id: '1' } }));
  await send(target.url, modern('tools/call', { name: 'whoami', arguments: {} }, { token: 'not-a-token' }));
  await call(target, idp, 'alice', 'read-note', { id: '1' });
  await call(target, idp, 'alice', 'write-note', { id: '7', text: 'Call the bank.' });
  await call(target, idp, 'alice', 'transfer', { amount: 250, currency: 'EUR', memo: 'rent', pin: '4711' });
  await call(target, idp, 'alice', 'transfer', { amount: 5000, currency: 'EUR', memo: 'car', pin: '4711' });
  await call(target, idp, 'bob', 'read-note', { id: '1' });
  await call(target, idp, 'bob', 'write-note', { id: '7', text: 'Never mind.' });
  await call(target, idp, 'bob', 'purge-notes', {});
  await call(target, idp, 'bob', 'crash', { mode: 'throw' });
  await call(target, idp, 'agent', 'read-note', { id: '2' });
  await send(target.url, {
    headers: { 'content-type': 'text/plain', authorization: `Bearer ${await token(idp, 'bob')}` },
    body: 'hello',
  });
}

async function call(target: Target, idp: DevIdp, caller: Caller, name: string, args: object): Promise<void> {
  const sent = modern('tools/call', { name, arguments: args }, { token: await token(idp, caller) });
  await send(target.url, { ...sent, headers: { ...sent.headers, 'user-agent': `${caller}/1.0` } });
}

/** The agent acts for alice (RFC 8693 §4.1). */
function token(idp: DevIdp, caller: Caller): Promise<string> {
  const scopes = callers[caller];
  if (caller !== 'agent') return idp.mintToken({ subject: caller, clientId: 'notes-app', scopes });
  return idp.mintToken({ subject: 'alice', clientId: 'agent-7', scopes, claims: { act: { sub: 'agent-7' } } });
}
