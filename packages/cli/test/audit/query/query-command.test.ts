import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  allowed,
  auditDirectory,
  calls,
  denied,
  observed,
  outcome,
  story,
  temporaryDirectory,
  writeSegment,
  type RecordFields,
} from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const query = (...args: readonly string[]) => run(['audit', 'query', ...args]);

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('audit query', () => {
  it('prints one line for each call, with how it ended, and says how many there are', async () => {
    const { code, stdout, stderr } = await query(await auditDirectory(story), '--subject', 'alice');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'TIME (UTC)           WHO    CLIENT     WHAT                    DECISION  RESULT           RULE               CALL',
      '2026-11-20 21:00:01  alice  notes-app  tools/call read-note    allow     ok 3 ms          tools.read-note    4f9c1e07',
      '2026-11-20 21:00:05  alice  notes-app  tools/call purge-notes  allow     tool_error 3 ms  tools.purge-notes  71d2edfa',
      '2026-11-20 21:00:07  alice  notes-app  tools/call read-note    allow     open             tools.read-note    c60947d7',
    ]);
    expect(stderr).toBe('3 calls and other events in 8 records\n');
  });

  it('prints with --json the columns of each call, also what its end says', async () => {
    const { code, stdout, stderr } = await query(await auditDirectory(story), '--call', calls.read, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout)).toMatchObject([
      {
        time: '2026-11-20T21:00:01.000Z',
        seq: 1,
        call: calls.read,
        subject: 'alice',
        tool: 'read-note',
        effect: 'allow',
        enforced: true,
        reason: null,
        scopes: ['notes:read'],
        outcome: 'ok',
        http_status: 200,
        duration_ms: 3.14,
        bytes: 180,
      },
    ]);
  });

  it.each([
    [['--client', 'notes-app', '--method', 'tools/*', '--decision', 'deny'], [3]],
    [
      ['--issuer', 'https://login.example.com', '--tool', '*-note'],
      [1, 3, 7],
    ],
    [['--issuer', 'https://other.example.com'], []],
    [['--reason', 'no_*'], [4]],
    [['--type', 'auth.failure'], [4]],
    [['--type', 'mcp.*', '--tool', 'purge-notes'], [5]],
    [['--ip', '198.51.100.0/24'], [4]],
    [['--ip', '192.0.2.7', '--decision', 'deny'], [3]],
    [
      ['--since', '2026-11-20T21:00:04Z', '--until', '2026-11-20T21:00:05Z'],
      [4, 5],
    ],
    [['--stream', 'pod-a', '--type', 'audit.started'], [0]],
  ])('selects with %j', async (options, expected) => {
    const { code, stdout } = await query(await auditDirectory(story), '--json', ...options);
    expect(code).toBe(0);
    expect(linesOf(stdout).map(({ seq }) => seq)).toEqual(expected);
  });

  it('sorts, and keeps the first lines of the order', async () => {
    const directory = await auditDirectory(story);
    const newest = await query(directory, '--json', '--sort', '-time', '--limit', '2');
    expect(linesOf(newest.stdout).map(({ seq }) => seq)).toEqual([7, 5]);
    const byTool = await query(directory, '--json', '--decision', 'allow', '--sort', 'tool');
    expect(linesOf(byTool.stdout).map(({ seq }) => seq)).toEqual([5, 1, 7]);
    const wrong = await query(directory, '--sort', 'colour');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('colour is no column of the answer')]);
  });

  it('says of more than it shows that there is more, also with --json', async () => {
    const { stderr } = await query(await auditDirectory(story), '--limit', '2');
    expect(stderr).toBe('6 calls and other events in 8 records, of which 2 are shown\n');
  });

  it('refuses wrong options', async () => {
    const directory = await auditDirectory(story);
    for (const options of [
      ['--ip', '300.1.1.1'],
      ['--ip', '10.0.0.0/40'],
      ['--group-by', 'weather'],
      ['--limit', '0'],
      ['--sql', ' '],
    ]) {
      const { code, stdout } = await query(directory, ...options);
      expect([code, stdout]).toEqual([2, '']);
    }
  });
});

describe('audit query --group-by', () => {
  it('counts calls, not records', async () => {
    const { code, stdout, stderr } = await query(await auditDirectory(story), '--group-by', 'subject');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'SUBJECT  CALLS  ALLOWED  DENIED  LAST (UTC)',
      'alice    3      3        0       2026-11-20T21:00:07.000Z',
      '-        2      0        1       2026-11-20T21:00:04.000Z',
      'bob      1      0        1       2026-11-20T21:00:03.000Z',
    ]);
    expect(stderr).toBe('6 calls and other events in 3 groups, 8 records\n');
  });

  it('counts by several keys, with the first and the last time', async () => {
    const directory = await auditDirectory(story);
    const { stdout } = await query(directory, '--group-by', 'tool,decision', '--json', '--sort', 'tool');
    expect(linesOf(stdout)).toEqual([
      group({ tool: null, decision: null }, 1, 0, 0),
      group({ tool: null, decision: 'deny' }, 1, 4, 4, { denied: 1 }),
      group({ tool: 'purge-notes', decision: 'allow' }, 1, 5, 5, { allowed: 1 }),
      group({ tool: 'read-note', decision: 'allow' }, 2, 1, 7, { allowed: 2 }),
      group({ tool: 'write-note', decision: 'deny' }, 1, 3, 3, { denied: 1 }),
    ]);
  });

  it('counts by hour, day and month', async () => {
    const directory = await auditDirectory(story);
    for (const [key, value] of [
      ['hour', '2026-11-20T21:00'],
      ['day', '2026-11-20'],
      ['month', '2026-11'],
    ] as const) {
      const { stdout } = await query(directory, '--group-by', key, '--json');
      expect(linesOf(stdout)).toMatchObject([{ [key]: value, calls: 6 }]);
    }
  });

  it('counts the refusals of a flood that stand in one record', async () => {
    const flood: RecordFields = {
      type: 'audit.aggregated',
      decision: { effect: 'deny', reason: 'no_token' },
      detail: { of: 'auth.failure', network: '203.0.113.0/24', count: 412 },
    };
    const { stdout } = await query(
      await auditDirectory([flood, ...story]),
      '--group-by',
      'reason',
      '--json',
      '--limit',
      '1',
    );
    expect(linesOf(stdout)).toMatchObject([{ reason: 'no_token', calls: 413, denied: 413 }]);
  });

  it('tells calls that observe mode let pass from those that were denied', async () => {
    const records = [
      denied(calls.write, 'bob', 'write-note'),
      observed(calls.read, 'bob', 'read-note'),
      outcome(calls.read),
    ];
    const { stdout } = await query(await auditDirectory(records), '--group-by', 'subject');
    expect(stdout).toContain('SUBJECT  CALLS  ALLOWED  DENIED  WOULD DENY  LAST');
    expect(stdout).toContain('bob      2      0        1       1 ');
  });

  function group(keys: Record<string, string | null>, count: number, first: number, last: number, more = {}) {
    const at = (seconds: number): string => `2026-11-20T21:00:0${seconds}.000Z`;
    return { ...keys, calls: count, allowed: 0, denied: 0, would_deny: 0, ...more, first: at(first), last: at(last) };
  }
});

describe('a damaged log', () => {
  it.each([['--group-by', 'subject'], ['--json'], ['--sql', 'SELECT count(*) AS n FROM records']])(
    'is answered from what could be read, with what could not, and exit code 1: %s',
    async (...options) => {
      const directory = await auditDirectory(story);
      const [file] = ['audit-pod-a-00000000000000000000.jsonl'];
      const lines = (await readFile(join(directory, file ?? ''), 'utf8')).trimEnd().split('\n');
      const damaged = [lines[0], lines[1], 'not a record', ...lines.slice(3, 6), lines[5], lines[7]];
      await writeFile(join(directory, file ?? ''), `${damaged.join('\n')}\n`);
      const { code, stdout, stderr } = await query(directory, ...options);
      expect(code).toBe(1);
      expect(stdout).not.toBe('');
      for (const problem of [
        'the line is not JSON',
        'record 2 is missing',
        'record 5 follows record 5',
        'record 6 is missing',
      ])
        expect(stderr).toContain(problem);
    },
  );

  it('is not found in a folder with other files, nor where there is nothing', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'access.log'), 'GET / 200\n');
    for (const options of [[], ['--group-by', 'tool'], ['--sql', 'SELECT 1']]) {
      const foreign = await query(directory, ...options);
      expect([foreign.code, foreign.stdout]).toEqual([2, '']);
      expect(foreign.stderr).toContain('ERR_AUDIT_DIRECTORY');
    }
    await rm(directory, { recursive: true });
    expect((await query(directory)).code).toBe(2);
  });
});

it('finds calls whose records stand in several streams and segments', async () => {
  const directory = await auditDirectory(story);
  await writeSegment(directory, [allowed('c-b', 'alice', 'read-note'), outcome('c-b')], { stream: 'pod-b' });
  const { stdout } = await query(directory, '--subject', 'alice', '--group-by', 'stream', '--json');
  expect(linesOf(stdout)).toMatchObject([
    { stream: 'pod-a', calls: 3 },
    { stream: 'pod-b', calls: 1 },
  ]);
});

it('takes a limit of up to ten million, and ends with 1 where more is there than it shows unasked', async () => {
  const directory = await auditDirectory(story);
  expect((await query(directory, '--limit', '10000000')).code).toBe(0);
  expect((await query(directory, '--limit', '10000001')).code).toBe(2);
  const many = Array.from({ length: 10_001 }, (_, at) => denied(`c-${at}`, `user-${at}`, 'read-note'));
  const large = await auditDirectory(many);
  const groups = await query(large, '--group-by', 'subject', '--json');
  expect([groups.code, linesOf(groups.stdout).length]).toEqual([1, 10_000]);
  expect(groups.stderr).toContain('1 more groups are not shown');
  expect((await query(large, '--group-by', 'subject', '--limit', '5', '--json')).code).toBe(0);
});

it('takes a date in --until as the whole day', async () => {
  const directory = await auditDirectory(story);
  const until = async (time: string) => linesOf((await query(directory, '--until', time, '--json')).stdout).length;
  expect(await until('2026-11-20')).toBe(linesOf((await query(directory, '--json')).stdout).length);
  expect([await until('2026-11-20T00:00'), await until('2026-11-19')]).toEqual([0, 0]);
});

it('says that the end of a stream was compressed', async () => {
  const directory = await auditDirectory(story);
  await writeFile(join(directory, `audit-pod-b-${'0'.repeat(20)}.jsonl.gz`), 'packed');
  for (const options of [[], ['--group-by', 'tool'], ['--sql', 'SELECT 1']]) {
    const { code, stderr } = await query(directory, ...options);
    expect([code, stderr]).toEqual([1, expect.stringContaining('.jsonl.gz: the segment is compressed')]);
  }
});
