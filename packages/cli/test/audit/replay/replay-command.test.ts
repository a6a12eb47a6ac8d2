import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAuditLog } from '@sallyport/audit';
import { describe, expect, it } from 'vitest';
import {
  allowed,
  auditDirectory,
  denied,
  observed,
  outcome,
  temporaryDirectory,
  writeSegment,
  type RecordFields,
} from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

function id(number: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** The decision of a call without arguments. */
function plain({ arguments: _arguments, redaction: _redaction, ...fields }: RecordFields): RecordFields {
  return { token: { exp: 1_795_212_000, scopes: ['notes:read'] }, ...fields };
}

const calls: readonly RecordFields[] = [
  { type: 'audit.started', detail: {} },
  plain(allowed(id(1), 'alice', 'read-note')),
  outcome(id(1)),
  plain(allowed(id(2), 'alice', 'list-notes')),
  outcome(id(2)),
  plain(allowed(id(3), 'alice', 'list-notes')),
  outcome(id(3)),
  plain(allowed(id(4), 'bob', 'list-notes')),
  outcome(id(4)),
  plain(denied(id(5), 'bob', 'write-note')),
  plain(observed(id(6), 'carol', 'write-note')),
  outcome(id(6)),
  { ...allowed(id(7), 'alice', 'transfer'), token: { exp: 1_795_212_000, scopes: ['notes:read'] } },
  outcome(id(7)),
  { type: 'auth.failure', call: id(8), decision: { effect: 'deny', reason: 'no_token', httpStatus: 401 } },
  { type: 'request.refused', call: id(9), decision: { effect: 'deny', reason: 'rate_limited', httpStatus: 429 } },
  {
    call: id(10),
    mcp: { method: 'tools/list', requestId: 1, era: 'modern', protocolVersion: '2026-07-28' },
    decision: { effect: 'allow', rule: 'publicMethods.tools/list' },
  },
];

/** As the calls above were decided. */
const before = {
  'read-note': { scopes: ['notes:read'] },
  'list-notes': { scopes: ['notes:read'] },
  'write-note': { scopes: ['notes:write'] },
  transfer: { scopes: ['notes:read'] },
};
const after = {
  ...before,
  'list-notes': { scopes: ['notes:list'] },
  'write-note': { scopes: ['notes:read'] },
  transfer: { scopes: ['notes:read'], when: "args.id == '1'" },
};

async function cardFile(tools: object): Promise<string> {
  const file = join(await temporaryDirectory(), 'card.json');
  const scopes = { 'notes:read': {}, 'notes:write': {}, 'notes:list': {} };
  const card = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/notes',
    version: '1.0.0',
    description: 'Notes',
    _meta: { 'dev.sallyport/access': { scopes, tools } },
  };
  await writeFile(file, JSON.stringify(card));
  return file;
}

async function replay(tools: object, ...args: readonly string[]): ReturnType<typeof run> {
  return run(['audit', 'replay', await auditDirectory(calls), '--card', await cardFile(tools), ...args]);
}

function lines(text: string): readonly unknown[] {
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('audit replay', () => {
  it('counts what another card would decide otherwise, and lists it by caller, target and reason', async () => {
    const { code, stdout, stderr } = await replay(after);
    expect(stdout.split('\n')[0]).toBe(
      '7 decisions: 3 newly denied, 2 newly allowed, 1 cannot be replayed (condition on redacted arguments)',
    );
    const rows = stdout
      .trim()
      .split('\n')
      .slice(3)
      .map((row) => row.split(/ {2,}/));
    expect(rows).toEqual([
      ['2', 'newly denied', 'alice', 'list-notes', 'tools.list-notes', 'insufficient_scope: notes:list', '00000002'],
      ['1', 'newly denied', 'bob', 'list-notes', 'tools.list-notes', 'insufficient_scope: notes:list', '00000004'],
      [
        '1',
        'newly allowed',
        'bob',
        'write-note',
        'tools.write-note',
        'was insufficient_scope: notes:write',
        '00000005',
      ],
      [
        '1',
        'newly allowed',
        'carol',
        'write-note',
        'tools.write-note',
        'was insufficient_scope: notes:write',
        '00000006',
      ],
      ['1', 'cannot be replayed', '-', 'transfer', 'tools.transfer', 'condition on redacted arguments', '00000007'],
    ]);
    expect(stderr).toBe(
      '1 with the same effect\nno decisions: 1 without a valid token, 1 refused before, 1 that no card decides\n',
    );
    expect(code).toBe(0);
  });

  it('prints the same as lines of JSON', async () => {
    const { stdout, stderr } = await replay(after, '--json', '--subject', 'bob');
    expect(stderr).toBe('');
    const place = { issuer: 'https://login.example.com', subject: 'bob', clientId: 'notes-app', method: 'tools/call' };
    expect(lines(stdout)).toEqual([
      {
        type: 'summary',
        decisions: 2,
        newlyDenied: 1,
        newlyAllowed: 1,
        unchanged: 0,
        otherwise: 0,
        unknown: 0,
        missing: [],
        samePolicy: 0,
        apart: { noPolicy: 0, authFailures: 0, refusals: 0 },
        ungrouped: 0,
      },
      {
        type: 'newly_denied',
        ...place,
        target: 'list-notes',
        oldRule: 'tools.list-notes',
        newRule: 'tools.list-notes',
        reason: 'insufficient_scope',
        missingScopes: ['notes:list'],
        calls: 1,
        firstCall: id(4),
        firstAt: '2026-11-20T21:00:07.000Z',
        lastAt: '2026-11-20T21:00:07.000Z',
      },
      {
        type: 'newly_allowed',
        ...place,
        target: 'write-note',
        oldRule: 'tools.write-note',
        newRule: 'tools.write-note',
        reason: 'insufficient_scope',
        missingScopes: ['notes:write'],
        calls: 1,
        firstCall: id(5),
        firstAt: '2026-11-20T21:00:09.000Z',
        lastAt: '2026-11-20T21:00:09.000Z',
      },
    ]);
  });

  it('says where only the reason, the rule or the scopes differ', async () => {
    const { stdout, stderr } = await replay({
      ...before,
      'read-note': { scopes: [] },
      'write-note': { scopes: [], when: 'false' },
    });
    expect(stdout).toBe('7 decisions: 0 newly denied, 0 newly allowed, 0 cannot be replayed\n');
    expect(stderr).toContain('7 with the same effect, 3 of them with another reason, rule or other scopes\n');
  });

  it('fails with --expect-no-change when something changes, or might', async () => {
    expect((await replay(before, '--expect-no-change')).code).toBe(0);
    expect((await replay(after, '--expect-no-change')).code).toBe(1);
    expect((await replay({ ...before, transfer: after.transfer }, '--expect-no-change')).code).toBe(3);
    expect((await replay({ ...before, transfer: after.transfer })).code).toBe(0);
  });

  it('shows as many rows as are asked for', async () => {
    const { stdout, stderr } = await replay(after, '--limit', '1');
    expect(stdout.trim().split('\n')).toHaveLength(4);
    expect(stderr).toContain('4 more rows are not shown: use --limit or --json\n');
    expect(lines((await replay(after, '--json', '--limit', '1')).stdout)).toHaveLength(2);
  });

  it('selects by tool and by time', async () => {
    const [byTool] = lines((await replay(after, '--json', '--tool', 'list-*')).stdout);
    expect(byTool).toMatchObject({ decisions: 3, newlyDenied: 3 });
    const [byTime] = lines((await replay(after, '--json', '--since', '2026-11-20T21:00:04')).stdout);
    expect(byTime).toMatchObject({ decisions: 5, newlyDenied: 2, newlyAllowed: 2, unknown: 1 });
  });

  it('shows names that a caller made up without letting them act on the terminal', async () => {
    const directory = await auditDirectory([plain(allowed(id(1), 'alice', 'red\u001b[31m\nx'))]);
    const { stdout } = await run(['audit', 'replay', directory, '--card', await cardFile({})]);
    expect(stdout).toContain('red\\u{1b}[31m\\u{a}x');
  });

  it('replays what can be read of a damaged log, and fails', async () => {
    const directory = await auditDirectory(calls.slice(0, 3), { tail: 'no record\n{"v":1}\n' });
    const { code, stdout, stderr } = await run(['audit', 'replay', directory, '--card', await cardFile(after)]);
    expect(stdout).toContain('1 decision: 0 newly denied');
    expect(stderr).toContain('ERR_AUDIT_DAMAGED');
    expect(code).toBe(1);
  });

  it('does not run without a log or without a valid card', async () => {
    const card = await cardFile(before);
    const empty = await run(['audit', 'replay', await temporaryDirectory(), '--card', card]);
    expect([empty.code, empty.stdout]).toEqual([2, '']);
    expect(empty.stderr).toContain('ERR_AUDIT_DIRECTORY');
    const wrong = join(await temporaryDirectory(), 'wrong.json');
    await writeFile(wrong, '{}');
    const invalid = await run(['audit', 'replay', await auditDirectory(calls), '--card', wrong]);
    expect([invalid.code, invalid.stdout]).toEqual([2, '']);
    expect(invalid.stderr).toContain('ERR_CARD_INVALID');
    expect((await run(['audit', 'replay', await auditDirectory(calls)])).stderr).toContain('ERR_CLI_USAGE');
  });

  it('is recorded in the log that the config names, with the policy and what it came to', async () => {
    const folder = await temporaryDirectory();
    const directory = join(folder, 'audit');
    await mkdir(directory);
    await writeSegment(directory, calls);
    const config = join(folder, 'sallyport.config.json');
    const content = {
      resource: 'https://mcp.example.com/mcp',
      issuers: [{ issuer: 'https://login.example.com' }],
      card: './card.json',
      audit: { directory: './audit', stream: 'pod-a' },
    };
    await writeFile(config, JSON.stringify(content));
    expect((await run(['audit', 'replay', '--config', config, '--card', await cardFile(after)])).code).toBe(0);
    const details: unknown[] = [];
    for await (const item of readAuditLog(directory)) {
      if (item.kind === 'record' && item.record.type === 'audit.read') details.push(item.record.detail);
    }
    const policy: unknown = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    const facts = { command: 'audit replay', filter: { policy } };
    const counts = { decisions: 7, newlyDenied: 3, newlyAllowed: 2, unknown: 1 };
    expect(details).toMatchObject([
      { ...facts, state: 'begun' },
      { ...facts, state: 'ended', ...counts },
    ]);
  });
});
