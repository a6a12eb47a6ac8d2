import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '@sallyport/core';
import { createScanTask } from '../../../src/audit/query/groups/group-task.ts';
import { actor, allowed, auditDirectory, auditRecord, calls, outcome, story } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

async function rows(directory: string, ...options: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout } = await run(['audit', 'query', directory, '--json', ...options]);
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('--type', () => {
  it('selects calls with their ends', async () => {
    const directory = await auditDirectory(story);
    const listed = await rows(directory, '--type', 'mcp.decision');
    expect(listed.map(({ outcome: ended }) => ended)).toEqual(['ok', null, 'tool_error', null]);
    const sql = 'SELECT outcome FROM calls ORDER BY seq';
    expect(await rows(directory, '--type', 'mcp.decision', '--sql', sql)).toEqual(
      ['ok', null, 'tool_error', null].map((ended) => ({ outcome: ended })),
    );
    const { stdout } = await run(['audit', 'show', directory, '--type', 'mcp.decision']);
    expect(stdout.split('\n').filter((line) => line.includes(' open '))).toHaveLength(1);
  });

  it('counts ends by themselves when it selects nothing that they end', async () => {
    const directory = await auditDirectory(story);
    const groups = async (type: string) =>
      (await rows(directory, '--group-by', 'type', '--type', type)).map(({ type: of, calls: count }) => [of, count]);
    expect(await groups('mcp.outcome')).toEqual([['mcp.outcome', 2]]);
    expect(await groups('mcp.decision')).toEqual([['mcp.decision', 4]]);
    expect(await groups('mcp.*')).toEqual([['mcp.decision', 4]]);
  });

  it('leaves the records of JSON of audit show and of an export alone', async () => {
    const directory = await auditDirectory(story);
    for (const command of [
      ['show', '--json'],
      ['export', '--format', 'jsonl'],
    ] as const) {
      const { stdout } = await run(['audit', ...command, directory, '--type', 'mcp.decision']);
      expect(stdout.trimEnd().split('\n')).toHaveLength(4);
    }
  });
});

const flood = {
  type: 'audit.aggregated',
  decision: { effect: 'deny', reason: 'no_token' },
  detail: { of: 'auth.failure', network: '203.0.113.0/24', count: 5000 },
};

describe('the refusals of a flood that stand in one record', () => {
  it('are as many in SQL as in groups', async () => {
    const directory = await auditDirectory([flood, ...story]);
    const sql = 'SELECT reason, sum(count)::INT AS n FROM calls GROUP BY ALL ORDER BY n DESC LIMIT 1';
    expect(await rows(directory, '--sql', sql)).toEqual([{ reason: 'no_token', n: 5001 }]);
    expect(await rows(directory, '--group-by', 'reason', '--limit', '1')).toMatchObject([
      { reason: 'no_token', calls: 5001 },
    ]);
    expect(await rows(directory, '--type', 'audit.aggregated')).toMatchObject([{ count: 5000 }]);
    expect(await rows(directory, '--decision', 'allow', '--limit', '1')).toMatchObject([{ count: 1 }]);
  });

  it.each([
    ['203.0.113.0/24', 5000, ''],
    ['203.0.0.0/16', 5000, ''],
    ['203.0.113.7', 0, '5000 refusals were counted together with others of their networks'],
    ['203.0.113.0/25', 0, '5000 refusals were counted together'],
    ['203.0.114.7', 0, ''],
    ['2001:db8::/32', 0, ''],
  ])('are those of %s when all of the network is', async (ip, count, warning) => {
    const { code, stdout, stderr } = await run([
      ...['audit', 'query', await auditDirectory([flood]), '--ip', ip, '--group-by', 'reason', '--json'],
    ]);
    expect([code, stdout === '' ? 0 : (JSON.parse(stdout) as Record<string, unknown>)['calls']]).toEqual([0, count]);
    if (warning === '') expect(stderr).toBe('');
    else expect(stderr).toContain(warning);
  });

  it.each(['other', 'unknown'])('may be those of any address when their network is %s', async (network) => {
    const directory = await auditDirectory([{ ...flood, detail: { ...flood.detail, network } }]);
    const { stderr } = await run(['audit', 'show', directory, '--ip', '203.0.113.7']);
    expect(stderr).toContain('5000 refusals were counted together');
  });
});

const hash = `hmac-sha256:k1:${'A'.repeat(43)}`;

describe('what an option can not find is told', () => {
  const digested = {
    ...allowed(calls.read, 'alice', 'transfer'),
    redaction: { level: 'metadata', digestedLeaves: 40 },
  };

  it.each(['query', 'show'])('by audit %s: values that are not recorded one by one', async (command) => {
    const directory = await auditDirectory([digested, outcome(calls.read)]);
    const { code, stderr } = await run(['audit', command, directory, '--hash', hash, '--tool', 'transfer']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('1 records hold values that are not recorded one by one'),
    ]);
    const other = await run(['audit', command, directory, '--hash', hash, '--tool', 'read-note']);
    expect(other.stderr).not.toContain('warning');
  });

  it.each([['query'], ['query', '--group-by', 'tool'], ['query', '--sql', 'SELECT count(*) FROM calls'], ['show']])(
    'by audit %s %s: subjects behind pseudonyms',
    async (command, ...options) => {
      const directory = await auditDirectory([{ ...allowed(calls.read, 'x', 'transfer'), actor: actor(hash) }]);
      const ask = (subject: string) => run(['audit', command, directory, '--subject', subject, ...options]);
      const { stderr } = await ask('alice');
      expect(stderr).toContain('1 records have pseudonyms for subjects');
      expect(stderr).toContain(`sallyport audit hash ${directory} --kind subject`);
      expect((await ask(hash)).stderr).not.toContain('warning');
      const clear = await run(['audit', command, await auditDirectory(story), '--subject', 'carol', ...options]);
      expect(clear.stderr).not.toContain('warning');
    },
  );
});

it('groups hand on what is selected with a call of an earlier piece, and do not count it', () => {
  const task = createScanTask({ filter: {}, hints: {}, keys: ['type'] });
  const opened = auditRecord({ seq: 1, type: 'stream.opened', call: calls.read }) as unknown as AuditRecord;
  expect(task.take(opened, () => 'line', false)).toBe('line');
  expect(task.take(opened, () => 'line', true)).toBeUndefined();
  expect(task.finish?.()).toMatchObject([{ values: ['stream.opened'], calls: 1 }]);
});
