import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, expect } from 'vitest';
import { runCli } from './support/cli.ts';
import { modern, send } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

/** Who calls which tool, how often, and what comes of it. */
const plan = [
  { subject: 'alice', scopes: ['notes:read', 'notes:write'], tool: 'read-note', times: 5, effect: 'allow' },
  { subject: 'alice', scopes: ['notes:read', 'notes:write'], tool: 'echo', times: 2, effect: 'deny' },
  { subject: 'bob', scopes: ['notes:read'], tool: 'read-note', times: 1, effect: 'allow' },
  { subject: 'bob', scopes: ['notes:read'], tool: 'write-note', times: 3, effect: 'deny' },
] as const;

let idp: DevIdp;
let target: Target;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  target = await startTarget({ issuer: idp.issuer });
  for (const { subject, scopes, tool, times } of plan) {
    const token = await idp.mintToken({ subject, clientId: 'notes-app', scopes: [...scopes] });
    const params = { name: tool, arguments: { id: '1', text: 'x' } };
    for (let time = 0; time < times; time += 1) await send(target.url, modern('tools/call', params, { token }));
  }
  await send(target.url, modern('tools/list'));
  await target.waitForRecord(({ type }) => type === 'auth.failure');
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

const query = (...args: readonly string[]) => runCli(['audit', 'query', target.auditDirectory, ...args]);

async function lines(...args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await query(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const expected = plan.map(({ subject, tool, effect, times }) => `${subject} ${tool} ${effect} ${times}`).toSorted();

verifies(['ANALYST-QUERY'], 'a query tells who called what and what came of it, while the server runs', async () => {
  const calls = await lines('--tool', '*');
  expect(calls).toHaveLength(plan.reduce((sum, { times }) => sum + times, 0));
  for (const { effect, outcome, http_status: status } of calls) {
    expect([effect, outcome, status]).toEqual(effect === 'allow' ? ['allow', 'ok', 200] : ['deny', null, 403]);
  }
  const groups = await lines('--tool', '*', '--group-by', 'subject,tool,decision');
  const told = groups.map(({ subject, tool, decision, calls: count }) => [subject, tool, decision, count].join(' '));
  expect(told.toSorted()).toEqual(expected);
  expect(await lines('--type', 'auth.failure', '--group-by', 'reason')).toMatchObject([
    { reason: 'no_token', calls: 1 },
  ]);
  const sql = 'SELECT subject, tool, effect, count(*) AS n FROM calls WHERE tool IS NOT NULL GROUP BY ALL';
  const counted = await lines('--sql', sql);
  expect(counted.map((row) => Object.values(row).join(' ')).toSorted()).toEqual(expected);
});

verifies(['ANALYST-QUERY'], 'a Parquet file holds the records that the log holds', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-parquet-'));
  try {
    const out = path.join(folder, 'out');
    const args = ['audit', 'export', target.auditDirectory, '--format', 'parquet,jsonl', '--out', out, '--json'];
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { records: number; of: number };
    expect(told.records).toBe(target.records().length);
    expect(readFileSync(path.join(out, 'audit.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    expect(readFileSync(path.join(out, 'audit.jsonl'), 'utf8').split('\n').length - 1).toBe(told.records);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

verifies(
  ['ANALYST-SQL'],
  'a statement that reaches beyond the records is refused, and nothing is left behind',
  async () => {
    const before = readdirSync(target.auditDirectory);
    const temporary = mkdtempSync(path.join(tmpdir(), 'sallyport-tmp-'));
    try {
      for (const sql of [
        "SELECT * FROM read_text('/etc/passwd')",
        `SELECT * FROM read_json('${target.auditDirectory}/*.jsonl')`,
        `COPY records TO '${target.auditDirectory}/audit-x-00000000000000000000.jsonl'`,
        `ATTACH '${target.auditDirectory}/x.db'`,
        'SET enable_external_access = true',
        'SELECT 1; DROP TABLE records',
      ]) {
        const args = ['audit', 'query', target.auditDirectory, '--sql', sql];
        const { code, stdout, stderr } = await runCli(args, { env: { TMPDIR: temporary } });
        expect([code, stdout]).toEqual([2, '']);
        expect(stderr).toContain('ERR_CLI_SQL');
      }
      const answered = await runCli(['audit', 'query', target.auditDirectory, '--sql', 'SELECT 1'], {
        env: { TMPDIR: temporary },
      });
      expect(answered.code).toBe(0);
      expect(readdirSync(temporary)).toEqual([]);
      expect(readdirSync(target.auditDirectory)).toEqual(before);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
);
