import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAuditLog, type VerifyReport } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../../src/audit/report/report-model.ts';
import {
  auditDirectory,
  closedStory,
  signingKey,
  signSegment,
  temporaryDirectory,
  writeLogConfig,
  writeSegment,
} from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const key = signingKey.verifier.vkey;

async function signed(): Promise<{ readonly directory: string; readonly out: string; readonly checkpoint: string }> {
  const directory = await auditDirectory(closedStory);
  const checkpoint = await signSegment(directory);
  return { directory, out: join(await temporaryDirectory(), 'report.html'), checkpoint };
}

async function figures(args: readonly string[]): Promise<AuditReport> {
  const { stdout } = await run(['audit', 'report', ...args, '--json']);
  return JSON.parse(stdout) as AuditReport;
}

describe('audit report', () => {
  it('makes one new page that its owner alone can read, and says its hash', async () => {
    const { directory, out } = await signed();
    const { code, stdout, stderr } = await run(['audit', 'report', directory, '--key', key, '--out', out]);
    expect(code).toBe(0);
    const page = await readFile(out);
    expect(stdout).toBe(
      `report.html  ${page.length} bytes  sha256:${createHash('sha256').update(page).digest('hex')}\n`,
    );
    expect(stderr).toBe('10 records, 4 calls, 1 denied; content PASS, signer PASS, time PASS, complete PASS\n');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const again = await run(['audit', 'report', directory, '--out', out]);
    expect([again.code, await readFile(out)]).toEqual([2, page]);
  });

  it('prints the same figures as JSON, with what audit verify says', async () => {
    const { directory, checkpoint } = await signed();
    const report = await figures([directory, '--key', key]);
    const verified = await run(['audit', 'verify', directory, '--key', key, '--json']);
    expect(report.verification).toEqual({ ...(JSON.parse(verified.stdout) as VerifyReport), findings: [] });
    expect(report.figures.decisions).toEqual({ allowed: 3, denied: 1, wouldDeny: 0 });
    expect(report.checkpoints).toEqual([
      expect.objectContaining({
        origin: signingKey.name,
        size: 10,
        external: false,
        result: 'matched',
        note: checkpoint,
      }),
    ]);
    expect(report).toMatchObject({ title: 'https://mcp.example.com', origins: [signingKey.name], read: 10 });
    expect(report.given).toEqual({ keys: 1, checkpoints: 0, witnesses: 0 });
  });

  it('rests on a checkpoint that was held outside, and shows its text', async () => {
    const { directory, out, checkpoint } = await signed();
    const held = `${out}.checkpoint`;
    await writeFile(held, checkpoint);
    const { code } = await run(['audit', 'report', directory, '--key', key, '--checkpoint', held, '--out', out]);
    expect(code).toBe(0);
    const page = await readFile(out, 'utf8');
    expect(page).toContain('held outside');
    expect(page).toContain('shown for the first 10 records');
    const [head = ''] = checkpoint.split('\n');
    expect(page.split(`<pre>${head}\n10\n`)).toHaveLength(3);
  });

  it('selects by time what is counted, and verifies the whole log', async () => {
    const { directory } = await signed();
    const report = await figures([directory, '--since', '2026-11-20T21:00:03', '--until', '2026-11-20T21:00:05']);
    // The end of the call of 21:00:05 comes with it, though it is later.
    expect(report.figures).toMatchObject({
      records: 4,
      decisions: { allowed: 1, denied: 1, wouldDeny: 0 },
      outcomes: { tool_error: 1 },
    });
    expect([report.read, report.verification.records]).toEqual([10, 10]);
    expect(report.asked).toEqual({ since: '2026-11-20T21:00:03.000Z', until: '2026-11-20T21:00:05.000Z' });
  });

  it('counts one stream alone', async () => {
    const { directory } = await signed();
    await writeSegment(directory, closedStory, { stream: 'pod-b' });
    const [both, one] = [await figures([directory]), await figures([directory, '--stream', 'pod-b'])];
    expect([both.figures.records, one.figures.records, one.verification.streams.length]).toEqual([20, 10, 1]);
  });

  it('says what is not confirmed, which is no failure', async () => {
    const { directory, out } = await signed();
    const { code, stderr } = await run(['audit', 'report', directory, '--out', out]);
    expect([code, stderr]).toEqual([
      0,
      [
        '10 records, 4 calls, 1 denied; content PASS, signer UNCONFIRMED, time PASS, complete PASS',
        'something is not confirmed: the statement at the end of the report says what',
        '',
      ].join('\n'),
    ]);
    expect(await readFile(out, 'utf8')).toContain('not everything is confirmed');
  });
});

describe('a report of a log that is not whole', () => {
  it('says at its top that the log is refuted', async () => {
    const { directory, out } = await signed();
    const file = join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"sub":"bob"', '"sub":"eve"'));
    const { code, stdout, stderr } = await run(['audit', 'report', directory, '--key', key, '--out', out]);
    expect([code, stdout.startsWith('report.html')]).toEqual([1, true]);
    expect(stderr).toContain('ERR_AUDIT_DAMAGED');
    expect(stderr).toContain('the log is refuted: altered');
    const page = await readFile(out, 'utf8');
    expect(page.indexOf('The log is refuted')).toBeLessThan(page.indexOf('id="summary"'));
    expect(page).toContain('audit-verify#altered');
  });

  it('is made of what can be read, and says what can not', async () => {
    const { directory, out } = await signed();
    const file = join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`);
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [...lines.slice(0, 3), '{"v":1,', ...lines.slice(4)].join('\n'));
    const { code } = await run(['audit', 'report', directory, '--key', key, '--out', out]);
    expect(code).toBe(1);
    expect(await readFile(out, 'utf8')).toContain('audit-verify#unparsable');
  });

  it('says at its top that a part is missing, also where nothing refutes the rest', async () => {
    const { directory, out } = await signed();
    const file = join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`);
    const lines = (await readFile(file, 'utf8')).split('\n');
    // As when the first segment was packed away: nothing here says that there was one.
    await writeFile(join(directory, `audit-pod-a-${'0'.repeat(19)}4.jsonl`), lines.slice(4).join('\n'));
    await rename(file, `${out}.jsonl`);
    const { code, stderr } = await run(['audit', 'report', directory, '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('records 0 to 3 are missing (gap)');
    const page = await readFile(out, 'utf8');
    expect(page.indexOf('could not be read in full')).toBeLessThan(page.indexOf('id="summary"'));
    expect(page).toContain('id="unread"');
  });

  it('names a file that is no part of the log', async () => {
    const { directory } = await signed();
    await appendFile(join(directory, 'holiday.txt'), 'sun');
    const report = await figures([directory, '--key', key]);
    expect(report.verification.findings.map(({ code, file }) => [code, file])).toEqual([
      ['foreign_file', 'holiday.txt'],
    ]);
  });

  it('is not made of a folder without a log, which is left as it is', async () => {
    const foreign = await temporaryDirectory();
    await writeFile(join(foreign, 'data.jsonl'), '{"a":1}\n');
    const out = join(await temporaryDirectory(), 'out', 'report.html');
    for (const directory of [foreign, join(foreign, 'missing')]) {
      const { code, stdout, stderr } = await run(['audit', 'report', directory, '--out', out]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('ERR_AUDIT_DIRECTORY');
    }
    expect(await readdir(foreign)).toEqual(['data.jsonl']);
    await expect(stat(join(out, '..'))).rejects.toThrow('ENOENT');
  });

  it('needs a place for the page', async () => {
    const { directory } = await signed();
    const { code, stderr } = await run(['audit', 'report', directory]);
    expect(code).toBe(2);
    expect(stderr).toContain('--out');
  });
});

describe('a report of the log that a config file names', () => {
  it('is recorded there with who made it, the times and the hash of the page', async () => {
    const { directory: copy } = await signed();
    const folder = await temporaryDirectory();
    const directory = join(folder, 'audit');
    await rename(copy, directory);
    await mkdir(copy);
    const config = await writeLogConfig(folder);
    const out = join(folder, 'report.html');
    const args = ['audit', 'report', '--config', config, '--out', out, '--since', '2026-11-20'];
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(0);
    // The reading that is going on is signed too.
    expect(stderr).toContain('content PASS, signer UNCONFIRMED, time PASS, complete PASS');
    const records: AuditRecord[] = [];
    for await (const item of readAuditLog(directory)) {
      if (item.kind === 'record' && item.stream.startsWith('cli-')) records.push(item.record);
    }
    const [, sha256] = /sha256:([0-9a-f]{64})/.exec(stdout) ?? [];
    expect(records.map(({ type }) => type)).toEqual(['audit.started', 'audit.read', 'audit.exported', 'audit.stopped']);
    expect(records[2]?.detail).toMatchObject({
      command: 'audit report',
      filter: { sinceMs: Date.parse('2026-11-20') },
      files: [{ name: 'report.html', sha256 }],
    });
  });
});
