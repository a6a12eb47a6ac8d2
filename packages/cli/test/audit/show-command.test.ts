import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/run.ts';
import {
  actor,
  allowed,
  auditDirectory,
  calls,
  denied,
  outcome,
  story,
  temporaryDirectory,
  writeSegment,
} from '../support/audit-log.ts';

const show = (...args: readonly string[]) => run(['audit', 'show', ...args]);

describe('audit show', () => {
  it('prints one line for each call and sums up on stderr', async () => {
    const { code, stdout, stderr } = await show(await auditDirectory(story));
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'TIME (UTC)           WHO                     CLIENT     WHAT                    DECISION  RESULT                                RULE               CALL',
      '2026-11-20 21:00:00  -                       -          audit.started           -         {"mode":"strict","level":"metadata"}  -                  -',
      '2026-11-20 21:00:01  alice                   notes-app  tools/call read-note    allow     ok 3 ms                               tools.read-note    4f9c1e07',
      '2026-11-20 21:00:03  bob                     notes-app  tools/call write-note   deny      insufficient_scope: notes:write       tools.write-note   9c74c306',
      '2026-11-20 21:00:04  anonymous 198.51.100.9  -          auth.failure            deny      no_token                              -                  3868101d',
      '2026-11-20 21:00:05  alice                   notes-app  tools/call purge-notes  allow     tool_error 3 ms                       tools.purge-notes  71d2edfa',
      '2026-11-20 21:00:07  alice                   notes-app  tools/call read-note    allow     open                                  tools.read-note    c60947d7',
    ]);
    expect(stderr).toBe('3 allowed, 2 denied, 1 other, 1 without an outcome\n');
  });

  it('takes filters, and an ISO time or how long ago', async () => {
    const directory = await auditDirectory(story);
    const { stdout } = await show(
      directory,
      '--subject',
      'alice',
      '--tool',
      '*-note',
      '--decision',
      'allow',
      '--until',
      '2026-11-20T21:00:05Z',
    );
    expect(stdout).toContain('4f9c1e07');
    expect(stdout).not.toContain('c60947d7');
    const recent = await run(['audit', 'show', directory, '--since', '5m', '--json'], {
      now: Date.parse('2026-11-20T21:05:06Z'),
    });
    expect(
      recent.stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([7]);
  });

  it('prints with --json every record as one line, and nothing else', async () => {
    const directory = await auditDirectory(story);
    const { code, stdout, stderr } = await show(directory, '--json', '--tool', 'purge-notes');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toMatchObject([allowed(calls.purge, 'alice', 'purge-notes'), outcome(calls.purge, 'tool_error')]);
  });

  it('shows both records of a call in full with --call, also by the beginning of its id in any case', async () => {
    const directory = await auditDirectory(story);
    const whole = await show(directory, '--call', calls.read);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toContain('decision      allow\n');
    expect(whole.stdout).toContain('arguments     {"id":"hmac-sha256:k1:AAAA"}\n');
    expect(whole.stdout).toContain('trace         0af7651916cd43dd8448eb211c80319c span b7ad6b7169203331\n');
    expect(whole.stdout).toContain('\noutcome      ok  HTTP 200  3.14 ms  180 bytes\n');
    expect(await show(directory, '--call', '4F9C')).toEqual(whole);
    const json = await show(directory, '--call', calls.read, '--json');
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('exits 1 when the call of --call is not there, and 0 when nothing matches a filter', async () => {
    const directory = await auditDirectory(story);
    expect(await show(directory, '--call', 'ffffffff')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'none of 8 records matches\n',
    });
    expect(await show(directory, '--subject', 'mallory')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'none of 8 records matches\n',
    });
  });

  it('shows only the newest with --last and says that there are more', async () => {
    const { stdout, stderr } = await show(await auditDirectory(story), '--last', '2');
    expect(stdout.match(/alice/g)).toHaveLength(2);
    expect(stdout).not.toContain('bob');
    expect(stderr).toContain('4 older ones are not shown\n');
  });

  it('puts the streams of a directory together by time', async () => {
    const directory = await auditDirectory(
      [allowed(calls.read, 'alice', 'one'), allowed(calls.write, 'alice', 'three')].map((fields, seq) => ({
        ...fields,
        at: `2026-11-20T21:00:0${seq * 2}.000Z`,
      })),
    );
    await writeSegment(directory, [{ ...denied(calls.purge, 'bob', 'two'), at: '2026-11-20T21:00:01.000Z' }], {
      stream: 'pod-b',
    });
    const { stdout } = await show(directory);
    expect(stdout.match(/tools\/call (\w+)/g)).toEqual(['tools/call one', 'tools/call two', 'tools/call three']);
  });

  it('finds the directory through the config file', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'log'));
    await writeSegment(join(directory, 'log'), story);
    const config = join(directory, 'sallyport.config.json');
    const content = {
      resource: 'https://mcp.example.com/mcp',
      issuers: [{ issuer: 'https://login.example.com' }],
      card: './c.json',
    };
    await writeFile(config, JSON.stringify({ ...content, audit: { directory: './log' } }));
    expect((await show('--config', config, '--decision', 'deny')).stdout).toContain('bob');
    await writeFile(config, JSON.stringify({ ...content, resource: 'nowhere' }));
    const wrong = await show('--config', config);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('ERR_CONFIG_INVALID');
  });

  it('escapes what an attacker wrote into the log, in the table, in full and as JSON', async () => {
    const evil = '\u001B[2J\u001B]0;owned\u0007\u009B31m\u202Egpj.exe\nadmin  allow';
    const directory = await auditDirectory([
      {
        ...denied(calls.write, evil, evil),
        source: { ip: evil, userAgent: evil },
        mcp: { method: evil, client: evil },
        detail: { [evil]: evil },
      },
      { type: 'audit.gap', detail: { [evil]: evil } },
    ]);
    for (const args of [[], ['--call', calls.write], ['--json'], ['--subject', evil]]) {
      const { code, stdout, stderr } = await show(directory, ...args);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
      expect(stdout).not.toMatch(/^admin/m);
    }
    expect((await show(directory)).stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('does not stumble over records that were changed into another shape', async () => {
    const directory = await auditDirectory([
      { actor: 'alice', decision: { effect: ['allow'] }, target: 'x', mcp: null, call: 7 },
      { actor: { sub: { a: 1 } }, decision: { effect: 'deny', missingScopes: 'all', reason: 7 }, outcome: [] },
      { at: 'yesterday', ...{ actor: actor('alice') } },
    ]);
    const { code, stdout } = await show(directory, '--since', '2020-01-01');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(stdout).toContain('yesterday');
    expect((await show(directory, '--json')).stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('mentions an unfinished last line, which a crash leaves, and goes on', async () => {
    const { code, stderr } = await show(await auditDirectory(story, { tail: '{"v":1,"id"' }), '--decision', 'deny');
    expect(code).toBe(0);
    expect(stderr).toContain('line 9: the last line is not finished (torn; it was never acknowledged)\n');
  });

  it('shows what is there, names damage that no crash explains, and exits 1', async () => {
    const directory = await auditDirectory(story, { tail: `garbage\n${'{"v":1}\n'.repeat(30)}{}\n` });
    const { code, stdout, stderr } = await show(directory, '--quiet');
    expect(code).toBe(1);
    expect(stdout).toContain('4f9c1e07');
    expect(stderr).toContain('error  ERR_AUDIT_DAMAGED  ');
    expect(stderr).toContain('.jsonl: line 9: the line is not JSON (unparsable)\n');
    expect(stderr).toContain('https://sallyport.dev/errors/ERR_AUDIT_DAMAGED');
    expect(stderr).toContain('warning  11 more damaged lines\n');
    const json = await show(directory, '--json');
    expect(json.code).toBe(1);
    for (const line of json.stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object');
  });

  it('does not take a directory without a log for an empty log', async () => {
    const { code, stderr } = await show(await temporaryDirectory());
    expect(code).toBe(2);
    expect(stderr).toContain('ERR_AUDIT_DIRECTORY');
    expect(stderr).toContain('there is no audit log');
  });

  it('cuts columns to the width of a terminal, but not the id of a call', async () => {
    const { stdout } = await run(['audit', 'show', await auditDirectory(story)], {
      columns: 110,
      env: { NO_COLOR: '1' },
    });
    for (const line of stdout.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(110);
    expect(stdout).toContain('…');
    expect(stdout).toMatch(/4f9c1e07$/m);
  });
});
