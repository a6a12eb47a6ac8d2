import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditDirectory, calls, closedStory, signingKey, signSegment, writeSegment } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const key = signingKey.verifier.vkey;

async function signed(): Promise<string> {
  const directory = await auditDirectory(closedStory);
  await signSegment(directory);
  return directory;
}

describe('audit prove', () => {
  it('writes a proof of both records of a call, which is verified without the log', async () => {
    const directory = await signed();
    const file = join(directory, 'call.proof.json');
    const made = await run(['audit', 'prove', directory, '--call', calls.read.slice(0, 8), '--out', file]);
    expect(made).toEqual({ code: 0, stdout: '', stderr: `2 records proven, written to ${file}\n` });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const verified = await run(['audit', 'verify', '--proof', file, '--key', key]);
    expect(verified.stdout).toBe('records 2/2 proven   content PASS   signer PASS   exit 0\n');
    expect(verified.stderr).toBe(`checkpoint of 10 records of ${signingKey.name}\n`);
    expect((await run(['audit', 'verify', '--proof', file])).code).toBe(3);
    await writeFile(file, (await readFile(file, 'utf8')).replace('alice', 'malice'));
    const forged = await run(['audit', 'verify', '--proof', file, '--key', key, '--json']);
    expect(forged.code).toBe(1);
    expect(JSON.parse(forged.stdout)).toMatchObject({ proven: 1, findings: [{ code: 'not_included' }] });
  });

  it('finds a record by its number or its id, and does not overwrite a file', async () => {
    const directory = await signed();
    const bySeq = await run(['audit', 'prove', directory, '--seq', '3']);
    const byId = await run(['audit', 'prove', directory, '--id', '01a1fb66-0000-7000-8000-000000000003', '-q']);
    expect(bySeq.stdout).toBe(byId.stdout);
    expect(JSON.parse(bySeq.stdout)).toMatchObject({
      kind: 'sallyport-audit-proof',
      streams: [{ records: [{ index: 3 }] }],
    });
    const existing = join(directory, 'signing-pod-a.pub');
    const refused = await run(['audit', 'prove', directory, '--seq', '3', '--out', existing]);
    expect(refused.code).toBe(2);
    expect(await readFile(existing, 'utf8')).toBe(`${key}\n`);
  });

  it('exits 2 when no record is named, there is none, or nothing signed covers it', async () => {
    const directory = await signed();
    for (const args of [[], ['--seq', '99'], ['--call', 'ffffffff'], ['--seq', 'x'], ['--seq', '1', '--id', 'x']]) {
      const { code, stderr } = await run(['audit', 'prove', directory, ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain('ERR_CLI_USAGE');
    }
    await writeSegment(directory, [...closedStory, {}, {}]);
    expect((await run(['audit', 'prove', directory, '--seq', '11'])).stderr).toContain(
      'no checkpoint covers record 11',
    );
    await writeSegment(directory, closedStory, { stream: 'pod-b' });
    expect((await run(['audit', 'prove', directory, '--seq', '1'])).stderr).toContain('name one with --stream');
    expect((await run(['audit', 'prove', directory, '--seq', '1', '--stream', 'pod-a'])).code).toBe(0);
  });
});
