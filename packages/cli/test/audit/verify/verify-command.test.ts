import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingKinds } from '@sallyport/audit';
import { auditDirectory, closedStory, signingKey, signSegment, writeSegment } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const verify = (...args: readonly string[]) => run(['audit', 'verify', ...args]);
const key = signingKey.verifier.vkey;
const segment = `audit-pod-a-${'0'.repeat(20)}.jsonl`;

async function signed(): Promise<{ readonly directory: string; readonly checkpoint: string }> {
  const directory = await auditDirectory(closedStory);
  return { directory, checkpoint: await signSegment(directory) };
}

describe('audit verify', () => {
  it('says in one line what is confirmed, and exits 0', async () => {
    const { directory } = await signed();
    const { code, stdout, stderr } = await verify(directory, '--key', key);
    expect(stdout).toBe(
      'records 0–9 no gaps   allows 3/3 with outcome   denies 1   content 10/10 PASS   signer PASS   time PASS   complete PASS   redactions 4 declared   exit 0\n',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('exits 3 when nothing is refuted and something unconfirmed, and says what to do', async () => {
    const { directory } = await signed();
    const { code, stdout } = await verify(directory);
    expect(code).toBe(3);
    expect(stdout).toContain('UNCONFIRMED  signer key_unpinned');
    expect(stdout).toContain(`signer ${signingKey.name} UNCONFIRMED`);
    expect(stdout).toContain(findingKinds.key_unpinned.next);
  });

  it('exits 1 when the log is refuted, and names the damage', async () => {
    const { directory } = await signed();
    const file = join(directory, segment);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"alice"', '"malice"'));
    const { code, stdout } = await verify(directory, '--key', key);
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL         content altered');
    expect(stdout).toContain('https://sallyport.dev/audit-verify#altered');
    expect(stdout).toMatch(/content 0\/10 FAIL .* exit 1\n$/);
  });

  it('exits 2 when it could not check', async () => {
    const { directory } = await signed();
    expect((await verify(join(directory, 'nowhere'))).code).toBe(2);
    expect((await verify(directory, '--key', join(directory, 'none.pub'))).code).toBe(2);
    expect((await verify(directory, '--key', 'a+b+c')).code).toBe(2);
    expect((await verify(directory, '--checkpoint', join(directory, 'none'))).code).toBe(2);
    expect((await verify('--proof', join(directory, segment))).code).toBe(2);
    expect((await verify(directory, '--stream', 'pod-x')).code).toBe(2);
  });

  it('takes keys from a file, and checkpoints that were held outside', async () => {
    const { directory, checkpoint } = await signed();
    const pins = join(directory, '..', `${Date.now()}-pins`);
    await writeFile(pins, `# the log of pod-a\n\n${key}\n`);
    const held = `${pins}.checkpoint`;
    await writeFile(held, checkpoint);
    expect((await verify(directory, '--key', pins, '--checkpoint', held)).code).toBe(0);
    await writeSegment(directory, closedStory.slice(0, 5));
    await signSegment(directory);
    expect((await verify(directory, '--key', pins)).stdout).not.toContain('FAIL');
    const rewritten = await verify(directory, '--key', pins, '--checkpoint', held);
    expect(rewritten.code).toBe(1);
    expect(rewritten.stdout).toContain('truncated');
  });

  it('gives the whole report as one line of JSON, with the exit code in it', async () => {
    const { directory } = await signed();
    await appendFile(join(directory, segment), 'garbage\n{}\n');
    const { code, stdout, stderr } = await verify(directory, '--json', '--key', key);
    const report = JSON.parse(stdout) as { exitCode: number; findings: { code: string; doc: string }[] };
    expect(stderr).toBe('');
    expect(report.exitCode).toBe(code);
    expect(report.findings.map((finding) => finding.code)).toContain('unparsable');
    for (const finding of report.findings)
      expect(finding.doc).toBe(`https://sallyport.dev/audit-verify#${finding.code}`);
  });

  it('has a line for each stream of a directory, and one for all', async () => {
    const { directory } = await signed();
    await writeSegment(directory, closedStory, { stream: 'pod-bee' });
    const { code, stdout } = await verify(directory, '--key', key);
    const lines = stdout.trimEnd().split('\n').slice(-3);
    expect(lines[0]).toMatch(/^pod-a {5}records 0–9 .* content 10\/10 PASS {3}signer PASS/);
    expect(lines[1]).toMatch(/^pod-bee {3}records 0–9 .* content 0\/10 UNCONFIRMED/);
    expect(lines[2]).toMatch(/^2 streams {3}records 20 no gaps .* content 10\/20 UNCONFIRMED .* exit 3$/);
    expect(code).toBe(3);
    expect((await verify(directory, '--key', key, '--stream', 'pod-a')).code).toBe(0);
  });

  it('escapes what an attacker wrote into the log', async () => {
    const evil = '\u001B[2J\u009B31m\u202E';
    const directory = await auditDirectory([
      ...closedStory.slice(0, 1),
      { type: 'mcp.outcome', call: evil, outcome: {} },
    ]);
    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await verify(directory, ...args);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    }
  });
});
