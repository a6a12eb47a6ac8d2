import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, expect } from 'vitest';
import { runCli } from './support/cli.ts';
import { modern, send } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const iban = 'DE02120300000000202051';

interface Access {
  readonly tools: Record<string, object>;
  readonly resources: Record<string, object>;
}

interface Line {
  readonly type: string;
  readonly target?: string;
  readonly subject?: string;
  readonly calls?: number;
  readonly missing?: readonly string[];
}

const callers = {
  alice: ['notes:read', 'notes:write', 'payments:write'],
  bob: ['notes:read'],
  carol: ['payments:write', 'payments:large'],
} as const;

/** Who calls what, with what; `dba` is a group that the token of carol names. */
const calls: readonly (readonly [caller: keyof typeof callers, method: string, params: Record<string, unknown>])[] = [
  ['alice', 'tools/call', { name: 'read-note', arguments: { id: '1' } }],
  ['alice', 'tools/call', { name: 'write-note', arguments: { id: '7', text: 'x' } }],
  ['alice', 'tools/call', { name: 'transfer', arguments: { amount: 250, currency: 'EUR', memo: iban, pin: '4711' } }],
  ['alice', 'tools/call', { name: 'transfer', arguments: { amount: 90, currency: 'EUR', memo: 'tea', pin: '4711' } }],
  ['alice', 'tools/list', {}],
  ['bob', 'tools/call', { name: 'read-note', arguments: { id: '1' } }],
  ['bob', 'tools/call', { name: 'read-note', arguments: { id: '2' } }],
  ['bob', 'tools/call', { name: 'write-note', arguments: { id: '7', text: 'x' } }],
  ['bob', 'tools/call', { name: 'echo', arguments: { text: 'x' } }],
  ['bob', 'tools/call', { name: 'transfer', arguments: { amount: 5, currency: 'EUR', memo: 'x', pin: '1' } }],
  ['bob', 'tools/call', { name: 'purge-notes', arguments: {} }],
  ['bob', 'tools/call', { name: 'no-such-tool', arguments: {} }],
  ['bob', 'resources/read', { uri: 'note:///1' }],
  ['bob', 'prompts/get', { name: 'summarize', arguments: { id: '1' } }],
  ['carol', 'tools/call', { name: 'transfer', arguments: { amount: 5000, currency: 'EUR', memo: 'car', pin: '4711' } }],
  ['carol', 'tools/call', { name: 'whoami', arguments: {} }],
];

const changed = {
  'write-note': { scopes: ['notes:admin'] },
  echo: { scopes: [] },
  whoami: { scopes: [], groups: ['dba'] },
  transfer: {
    scopes: ['payments:write'],
    when: "args.amount <= 100 || 'payments:large' in principal.scopes",
    stepUp: ['payments:large'],
    sensitive: ['/pin'],
  },
};

let idp: DevIdp;
let target: Target;
let card: string;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  target = await startTarget({ issuer: idp.issuer });
  await sendAll(target);
  await send(target.url, modern('tools/list'));
  await target.waitForRecord(({ type }) => type === 'auth.failure');
  await target.stop();
  card = path.join(target.folder, 'new-card.json');
  writeFileSync(card, JSON.stringify(changedCard()));
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

async function sendAll({ url }: Target): Promise<void> {
  for (const [subject, method, params] of calls) {
    const claims = subject === 'carol' ? { groups: ['dba'] } : {};
    const token = await idp.mintToken({ subject, clientId: 'notes-app', scopes: callers[subject], claims });
    await send(url, modern(method, params, { token }));
  }
}

function cardDocument(): { _meta: { 'dev.sallyport/access': Access } } {
  return JSON.parse(readFileSync(path.join(root, 'test/target/server-card.json'), 'utf8')) as ReturnType<
    typeof cardDocument
  >;
}

function changedCard(): object {
  const document = cardDocument();
  const access = document._meta['dev.sallyport/access'];
  Object.assign(access.tools, changed);
  Object.assign(access.resources, { 'note:///{id}': { scopes: ['config:read'] } });
  return document;
}

async function replay(...args: readonly string[]): Promise<Line[]> {
  const { code, stdout, stderr } = await runCli(['audit', 'replay', ...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** `kind subject target` of every group, in order. */
function told(lines: readonly Line[]): readonly string[] {
  return lines
    .slice(1)
    .map(({ type, subject = '', target: name, calls: count }) => `${type} ${subject} ${name} ${count}`)
    .toSorted();
}

/** The effects of the calls in a log, in order. */
function effects(of: Target): readonly (string | undefined)[] {
  return of.records().flatMap(({ type, decision }) => (type === 'mcp.decision' ? [decision?.effect] : []));
}

verifies(
  ['REPLAY-DIFFERENCES', 'REPLAY-HONEST'],
  'replay finds what a server with the changed card decides otherwise, and says what it can not know',
  async () => {
    const lines = await replay(target.auditDirectory, '--card', card);
    expect(told(lines)).toEqual([
      'newly_allowed bob echo 1',
      'newly_denied alice write-note 1',
      'newly_denied bob note:///1 1',
      'unknown  transfer 2',
      'unknown  whoami 1',
    ]);
    expect(lines.filter(({ type }) => type === 'unknown').map(({ missing }) => missing)).toEqual(
      expect.arrayContaining([['arguments'], ['groups']]),
    );
    expect(lines[0]).toMatchObject({
      decisions: calls.length,
      newlyDenied: 2,
      newlyAllowed: 1,
      unknown: 3,
      unchanged: calls.length - 6,
      apart: { noPolicy: 0, authFailures: 1, refusals: 0 },
    });

    // The same calls once more, to a server that has the changed card.
    const other = await startTarget({ issuer: idp.issuer, config: { card } });
    try {
      await sendAll(other);
      await other.stop();
      const [before, after] = [effects(target), effects(other)];
      expect(after).toHaveLength(calls.length);
      const differ = calls.flatMap(([caller, , { name, uri }], index) =>
        before[index] === after[index] ? [] : [`${after[index]} ${caller} ${String(name ?? uri)}`],
      );
      // One of the two transfers and no whoami: which one, the hashes did not say.
      expect(differ.toSorted()).toEqual([
        'allow bob echo',
        'deny alice transfer',
        'deny alice write-note',
        'deny bob note:///1',
      ]);
    } finally {
      await other.remove();
    }
  },
);

verifies('REPLAY-SAME-POLICY', 'replay under the card that decided finds no change', async () => {
  const own = path.join(root, 'test/target/server-card.json');
  const [summary, ...groups] = await replay(target.auditDirectory, '--card', own);
  expect(groups).toEqual([]);
  expect(summary).toMatchObject({ unchanged: calls.length, otherwise: 0, samePolicy: calls.length, unknown: 0 });
  const strict = await runCli(['audit', 'replay', target.auditDirectory, '--card', own, '--expect-no-change', '-q']);
  expect(strict.code).toBe(0);
  const other = await runCli(['audit', 'replay', target.auditDirectory, '--card', card, '--expect-no-change', '-q']);
  expect(other.code).toBe(1);
});

verifies('HASH-FINDS', 'the hash of an argument finds the call that sent it', async () => {
  const { auditDirectory } = target;
  const at = ['audit', 'hash', auditDirectory, '--tool', 'transfer', '-q'];
  const holders = (hash: string): readonly unknown[] =>
    target.records().flatMap((record) => (JSON.stringify(record).includes(hash) ? [record.arguments] : []));
  const ask = async (stdin: string, ...args: readonly string[]): Promise<string> => {
    const { code, stdout } = await runCli([...at, ...args, '--value-stdin'], { stdin });
    expect(code).toBe(0);
    return stdout.split(' ', 1)[0] ?? '';
  };
  const memo = await ask(`${iban}\n`, '--path', '/memo');
  expect(holders(memo)).toEqual([expect.objectContaining({ memo })]);
  const found = await runCli(['audit', 'query', auditDirectory, '--hash', memo, '--json', '-q']);
  const lines = found.stdout.trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    expect.objectContaining({ subject: 'alice', tool: 'transfer', effect: 'allow', outcome: 'ok' }),
  ]);
  const amount = await ask('5000', '--path', '/amount', '--json-value');
  expect(holders(amount)).toEqual([expect.objectContaining({ amount })]);
  expect(holders(await ask('4711', '--path', '/pin'))).toHaveLength(3);
  expect(holders(await ask('4711', '--path', '/memo'))).toEqual([]);
});

verifies('HASH-RECORDED', 'who asks for a hash is recorded, the value and the hash are not', async () => {
  const config = path.join(target.folder, 'config.json');
  const args = ['audit', 'hash', '--config', config, '--tool', 'transfer', '--path', '/memo', '--value-stdin', '-q'];
  const { code, stdout } = await runCli(args, { stdin: iban });
  expect(code).toBe(0);
  const readings = target.records().filter(({ type }) => type === 'audit.read');
  expect(readings.map(({ detail }) => detail)).toEqual([
    expect.objectContaining({
      state: 'begun',
      command: 'audit hash',
      filter: { kind: 'argument', tool: 'transfer', path: '/memo' },
    }),
    expect.objectContaining({ state: 'ended', keys: ['k1'] }),
  ]);
  const recorded = JSON.stringify(readings);
  expect(recorded).not.toContain(iban);
  for (const line of stdout.trim().split('\n')) expect(recorded).not.toContain(line.split(' ', 1)[0]);
});

verifies(
  'REPLAY-DEMO',
  "replay of the demo's log under a changed card finds the planted differences and nothing else",
  async () => {
    const directory = await playDemo();
    try {
      const stricter = path.join(path.dirname(directory), 'stricter.json');
      const looser = path.join(path.dirname(directory), 'looser.json');
      writeFileSync(
        stricter,
        JSON.stringify(
          notesCard({
            'write-note': { scopes: ['notes:admin'] },
            'read-note': { scopes: ['notes:read'], when: "args.id == '1'" },
            'no-such-tool': { scopes: [] },
          }),
        ),
      );
      writeFileSync(looser, JSON.stringify(notesCard({ 'write-note': { scopes: ['notes:read'] } })));
      // Each of the two clients reads a note, is refused a write, steps up, writes, and asks for a tool that is not there.
      expect(told(await replay(directory, '--card', stricter))).toEqual([
        'newly_denied alice write-note 2',
        'unknown  no-such-tool 2',
        'unknown  read-note 2',
      ]);
      expect(told(await replay(directory, '--card', looser))).toEqual(['newly_allowed alice write-note 2']);
      const own = path.join(root, 'examples/notes-server/server-card.json');
      expect(told(await replay(directory, '--card', own))).toEqual([]);
    } finally {
      rmSync(path.dirname(directory), { recursive: true, force: true });
    }
  },
);

/** Runs the demo to its end. Resolves to the log that it leaves. */
async function playDemo(): Promise<string> {
  const child = spawn(process.execPath, [path.join(root, 'examples/demo/dist/main.js')], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
  const directory = /audit log\s+(\S+)/.exec(printed)?.[1];
  if (code !== 0 || directory === undefined) throw new Error(`the demo did not end well: ${printed}`);
  return directory;
}

function notesCard(tools: Record<string, object>): object {
  const file = path.join(root, 'examples/notes-server/server-card.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof cardDocument>;
  Object.assign(document._meta['dev.sallyport/access'].tools, tools);
  return document;
}
