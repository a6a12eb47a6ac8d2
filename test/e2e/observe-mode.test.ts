import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkCompleteness } from '@sallyport/audit';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { modern, send } from './support/mcp-request.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { sdkCases } from './support/sdk-clients.ts';
import { startTarget } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const run = promisify(execFile);

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { enforcement: 'observe' } });
});
afterAll(() => guard.close());

const write: Call = { rpc: ['tools/call', { name: 'write-note', arguments: { id: '9', text: 'x' } }] };

describe.each(sdkCases)('for $name', ({ name, create }) => {
  verifies(['OBSERVE-PASSES', 'OBSERVE-LISTS'], 'nothing has changed: it sees and calls everything', async () => {
    const subject = `observed ${name}`;
    const client = create(guard.target.url, await guard.token({ subject, scopes: [] }));
    await client.connect();
    expect(await client.tools()).toEqual(expect.arrayContaining(['whoami', 'purge-notes', 'unlisted', 'transfer']));
    expect(await client.resources()).toEqual(['config:///server', 'note:///{id}']);
    expect(await client.prompts()).toEqual(['summarize']);
    expect(await client.call('write-note', { id: name, text: 'written' })).toBe('Stored.');
    expect(await client.call('unlisted')).toBe('this must never be read');
    expect(await client.read('config:///server')).toContain('dev.sallyport/target');
    expect(await client.prompt('summarize')).toContain('Summarize');
    await client.close();
    const ran = guard.target.effects().filter(({ sub }) => sub === subject);
    expect(ran.map(({ tool }) => tool)).toEqual(['write-note', 'unlisted', 'resource:config', 'prompt:summarize']);
  });
});

const denied: readonly [string, Call, string, string, readonly string[]][] = [
  ['a scope that is missing', write, 'insufficient_scope', 'tools.write-note', ['notes:write']],
  [
    'a hidden tool',
    { rpc: ['tools/call', { name: 'purge-notes' }] },
    'insufficient_scope',
    'tools.purge-notes',
    ['notes:admin'],
  ],
  ['a tool that is not in the card', { rpc: ['tools/call', { name: 'unlisted' }] }, 'tool_not_in_card', 'default', []],
  [
    'a resource without its scope',
    { rpc: ['resources/read', { uri: 'config:///server' }] },
    'insufficient_scope',
    'resources.config:///server',
    ['config:read'],
  ],
];

describe('the records', () => {
  for (const [name, call, reason, rule, missingScopes] of denied) {
    verifies(['OBSERVE-RECORDED', 'WALK-11-ONE-OUTCOME'], `say what enforcing would deny: ${name}`, async () => {
      const token = await guard.token({ subject: 'observed', scopes: ['echo:call'] });
      for (const era of ['modern', 'legacy'] as const) {
        const { answer, userAgent } = await guard.send({ ...call, token }, era);
        expect(answer.status).toBe(200);
        const decision = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
        expect(decision.decision).toMatchObject({ effect: 'deny', enforced: false, reason, rule, missingScopes });
        const outcome = await guard.target.waitForRecord(
          ({ type, call: of }) => type === 'mcp.outcome' && of === decision.call,
        );
        expect(outcome.outcome?.status).toBe('ok');
        expect(outcome.seq).toBeGreaterThan(decision.seq);
      }
    });
  }

  verifies('OBSERVE-RECORDED', 'of allowed calls are as ever', async () => {
    const { userAgent } = await guard.send({});
    const { decision } = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
    expect(decision).toMatchObject({ effect: 'allow' });
    expect(decision).not.toHaveProperty('enforced');
  });

  verifies('OBSERVE-LISTS', 'count what enforcing would take out of a list', async () => {
    const token = await guard.token({ subject: 'observed', scopes: ['echo:call'] });
    const { userAgent } = await guard.send({ rpc: ['tools/list'], token });
    const { call } = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
    const outcome = await guard.target.waitForRecord(({ type, call: of }) => type === 'mcp.outcome' && of === call);
    expect(outcome.detail).toEqual({ wouldHide: { tool: 7 } });
  });

  verifies('OBSERVE-RECORDED', 'count as complete, with their outcomes', async () => {
    const target = await startTarget({ issuer: guard.idp.issuer, config: { enforcement: 'observe' } });
    try {
      const token = await guard.token({ subject: 'observed', scopes: [] });
      for (const name of ['whoami', 'purge-notes']) {
        const answer = await send(target.url, modern('tools/call', { name, arguments: {} }, { token }));
        expect(answer.status).toBe(200);
      }
      await target.stop();
      const report = await checkCompleteness(target.auditDirectory);
      expect(report).toMatchObject({ complete: true, allows: 2, allowsWithOutcome: 2, denies: 0 });
    } finally {
      await target.remove();
    }
  });
});

const notification = JSON.stringify({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'write-note' } });
const never: readonly [RefusalReason, string, Call, Parameters<Guard['expectRefused']>[2]?][] = [
  ['no_token', 'without a token', { ...write, token: null }],
  ['malformed_token', 'with a token that is none', { ...write, token: 'nonsense' }],
  ['host_refused', 'for another host', { ...write, headers: { host: 'evil.example' } }],
  ['origin_refused', 'of another origin', { ...write, headers: { origin: 'https://evil.example' } }],
  ['path_not_found', 'at another path', { ...write, target: '/MCP' }],
  ['bad_content_type', 'of another type', { ...write, headers: { 'content-type': 'text/plain' } }],
  ['batch_refused', 'in a batch', { body: `[${notification}]` }],
  ['header_mismatch', 'under another name', { ...write, headers: { 'mcp-name': 'echo' }, eras: ['modern'] }],
  ['response_refused', 'that is a response', { body: '{"jsonrpc":"2.0","id":1,"result":{}}', eras: ['legacy'] }],
];

describe('a request is refused in observe mode', () => {
  for (const [reason, name, call, options] of never) {
    verifies('OBSERVE-STILL-REFUSES', name, async () => {
      const id = reason === 'response_refused' ? { contract: { id: false, actor: true } } : {};
      await guard.expectRefused(reason, call, { ...id, ...options });
    });
  }

  verifies('OBSERVE-STILL-REFUSES', 'that is a call sent as a notification, with and without its scope', async () => {
    const before = guard.target.effects().length;
    for (const scopes of [[], ['notes:write']]) {
      const token = await guard.token({ subject: 'notifier', scopes });
      const { answer } = await guard.send({ body: notification, token }, 'legacy');
      expect(answer.status).toBe(scopes.length === 0 ? 403 : 400);
    }
    expect(guard.target.effects()).toHaveLength(before);
  });
});

verifies(
  ['OBSERVE-STILL-REFUSES', 'LEGACY-SESSION-BOUND'],
  'a session of somebody else stays out of reach',
  async () => {
    const own = await openGuard({ config: { enforcement: 'observe', legacy: 'handler' } });
    try {
      const clientInfo = { name: 'e2e', version: '1' };
      const rpc = ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }] as const;
      const { answer } = await own.send({ rpc }, 'legacy');
      const headers = { 'mcp-session-id': String(answer.headers['mcp-session-id']) };
      await own.expectRefused('cross_principal', {
        headers,
        token: await own.token({ subject: 'somebody else', scopes: ['echo:call'] }),
        eras: ['legacy'],
      });
    } finally {
      await own.close();
    }
  },
);

describe('a server in observe mode', () => {
  verifies('OBSERVE-LOUD', 'says so in its log, in /readyz and in its first record', async () => {
    const warnings = guard.target
      .stderr()
      .split('\n')
      .filter((line) => line.includes('"level":40') && line.includes('enforcement is \\"observe\\"'));
    expect(warnings).toHaveLength(1);
    const answer = await send(`${guard.target.origin}/readyz`, { method: 'GET' });
    expect(JSON.parse(answer.text)).toMatchObject({ ready: true, enforcement: 'observe' });
    const loaded = guard.target.records().find(({ type }) => type === 'config.loaded');
    expect(loaded?.detail).toMatchObject({ enforcement: 'observe' });
  });

  verifies(
    'OBSERVE-WOULD-DENY',
    'leaves a log from which the command line reads what enforcing would deny',
    async () => {
      const token = await guard.token({ subject: 'counted', scopes: ['notes:read'] });
      for (let i = 0; i < 3; i += 1) await guard.send({ ...write, token });
      await guard.send({ rpc: ['tools/call', { name: 'unlisted' }], token });
      await guard.send({ rpc: ['tools/call', { name: 'read-note', arguments: { id: '1' } }], token });
      const show = ['audit', 'show', guard.target.auditDirectory, '--would-deny', '--subject', 'counted'];
      const { stdout } = await run(process.execPath, [command, ...show]);
      expect(stdout).toMatch(/^3 +counted +\S+ +tools\.write-note +insufficient_scope +notes:write /m);
      expect(stdout).toMatch(/^1 +counted +\S+ +tools\/call unlisted +tool_not_in_card +- /m);
      expect(stdout.match(/would deny/g)).toHaveLength(4);
      expect(stdout).not.toContain('read-note');
      const json = await run(process.execPath, [command, ...show, '--json']);
      const groups = json.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; calls?: number })
        .filter(({ type }) => type === 'would_deny');
      expect(groups.map(({ calls }) => calls)).toEqual([3, 1]);
    },
  );
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
