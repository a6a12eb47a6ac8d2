import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runSallyport } from '../../../src/index.ts';
import { auditDirectory, auditRecord, calls, denied, story } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const segment = `audit-pod-a-${'0'.repeat(20)}.jsonl`;

describe('audit tail', () => {
  it('shows the newest records, one line each, and ends', async () => {
    const { code, stdout, stderr } = await run(['audit', 'tail', await auditDirectory(story), '--last', '3']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([
      '2026-11-20T21:00:05.000Z  alice  tools/call purge-notes  allow  tools.purge-notes  71d2edfa',
      '2026-11-20T21:00:06.000Z  mcp.outcome  ended  tool_error 3 ms  71d2edfa',
      '2026-11-20T21:00:07.000Z  alice  tools/call read-note  allow  tools.read-note  c60947d7',
    ]);
  });

  it('takes the filters of show, and gives JSON lines', async () => {
    const { stdout } = await run(['audit', 'tail', await auditDirectory(story), '--decision', 'deny', '--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([3, 4]);
  });

  it('goes on with --follow until it is interrupted', async () => {
    const directory = await auditDirectory(story);
    const stop = new AbortController();
    let written = '';
    const stream = (see: (text: string) => void) => ({
      write: (text: string) => (see(text), true),
      once: () => undefined,
    });
    const following = runSallyport(['audit', 'tail', directory, '-f', '-n', '1'], {
      stdout: stream((text) => {
        written += text;
        if (written.includes('9c74c306')) stop.abort();
      }),
      stderr: stream(() => undefined),
      env: {},
      now: Date.now,
      signal: stop.signal,
    });
    await vi.waitFor(() => expect(written).not.toBe(''));
    const next = auditRecord({ seq: 8, ...denied(calls.write, 'bob', 'write-note') });
    await appendFile(join(directory, segment), `${JSON.stringify(next)}\n`);
    expect(await following).toBe(0);
    expect(written.trimEnd().split('\n')).toHaveLength(2);
  });

  it('escapes what an attacker wrote into the log', async () => {
    const evil = '\u001B[2J\u009B31m\u202E\nfake';
    const directory = await auditDirectory([{ ...denied(calls.write, evil, evil), mcp: { method: evil } }]);
    const { stdout } = await run(['audit', 'tail', directory]);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });
});
