import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditDirectory, closedStory, signingKey, signSegment, story } from '../../support/audit-log.ts';
import { ecsProblems } from '../../../../audit/test/support/ecs-schema.ts';
import { ocsfProblems } from '../../../../audit/test/support/ocsf-schema.ts';
import { parseCef } from '../../../../audit/test/support/parse-cef.ts';
import { run } from '../../support/run.ts';

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function signed(): Promise<string> {
  const directory = await auditDirectory(closedStory);
  await signSegment(directory);
  return directory;
}

describe('audit export', () => {
  it('writes every format into a directory, with hashes, and a proof of each record', async () => {
    const directory = await signed();
    const out = join(directory, 'ir-42');
    const proof = join(directory, 'ir-42.proof.json');
    const args = [
      'audit',
      'export',
      directory,
      '--format',
      'jsonl,csv,ocsf,ecs,cef',
      '--out',
      out,
      '--with-proof',
      proof,
    ];
    const { code, stdout, stderr } = await run([...args, '--subject', 'alice']);
    expect(code).toBe(0);
    expect(stderr).toBe(`6 of 10 records exported, proof in ${proof}\n`);
    expect((await readdir(out)).toSorted()).toEqual([
      'audit.cef',
      'audit.csv',
      'audit.ecs.jsonl',
      'audit.jsonl',
      'audit.ocsf.jsonl',
    ]);
    for (const line of stdout.trimEnd().split('\n')) {
      const [, name = '', bytes, sha256] = /^(\S+) +(\d+) bytes {2}sha256:([0-9a-f]{64})$/.exec(line) ?? [];
      const content = await readFile(join(out, name));
      expect([String(content.length), createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
      expect((await stat(join(out, name))).mode & 0o777).toBe(0o600);
    }
    const records = linesOf(await readFile(join(out, 'audit.jsonl'), 'utf8'));
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 5, 6, 7, 8]);
    expect((await readFile(join(out, 'audit.csv'), 'utf8')).split('\r\n')).toHaveLength(8);
    const events = linesOf(await readFile(join(out, 'audit.ocsf.jsonl'), 'utf8'));
    expect(events.map(ocsfProblems)).toEqual([[], [], []]);
    const ecs = linesOf(await readFile(join(out, 'audit.ecs.jsonl'), 'utf8'));
    expect(ecs.map(ecsProblems)).toEqual([[], [], []]);
    const cef = (await readFile(join(out, 'audit.cef'), 'utf8')).trimEnd().split('\n').map(parseCef);
    expect(cef.map(({ extension }) => extension.get('outcome'))).toEqual(['success', 'failure', 'success']);
    const verified = await run(['audit', 'verify', '--proof', proof, '--key', signingKey.verifier.vkey]);
    expect(verified.stdout).toContain('records 6/6 proven   content PASS   signer PASS   exit 0');
    const again = await run([...args, '--subject', 'alice']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('ERR_CLI_USAGE');
  });

  it('writes one format to stdout, and calls without an outcome as open events', async () => {
    const { code, stdout } = await run(['audit', 'export', await auditDirectory(story), '--format', 'ocsf', '-q']);
    expect(code).toBe(0);
    expect(linesOf(stdout).map(({ status }) => status)).toEqual([
      undefined,
      'Success',
      'Failure',
      'Failure',
      'Failure',
      'Unknown',
    ]);
  });

  it('sums up as JSON when files are written', async () => {
    const directory = await signed();
    const out = join(directory, 'out');
    const { stdout } = await run([
      'audit',
      'export',
      directory,
      '--format',
      'csv',
      '--out',
      out,
      '--json',
      '--decision',
      'deny',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ records: 2, of: 10, directory: out, files: [{ name: 'audit.csv' }] });
  });

  it('exits 1 when the log has lines that are not its own, and exports the rest', async () => {
    const directory = await signed();
    await appendFile(join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`), 'garbage\n{}\n');
    const { code, stdout, stderr } = await run(['audit', 'export', directory, '--format', 'jsonl']);
    expect(code).toBe(1);
    expect(linesOf(stdout)).toHaveLength(10);
    expect(stderr).toContain('ERR_AUDIT_DAMAGED');
  });

  it('refuses an unknown format, several on stdout, and none', async () => {
    const directory = await signed();
    for (const args of [['--format', 'xml'], ['--format', 'csv,jsonl'], []]) {
      const { code, stderr } = await run(['audit', 'export', directory, ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain('ERR_CLI_USAGE');
    }
  });
});
