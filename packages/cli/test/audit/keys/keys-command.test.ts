import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAuditLog } from '@sallyport/audit';
import { describe, expect, it } from 'vitest';
import { auditDirectory, story, temporaryDirectory } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

async function start(directory: string, stream = 'pod-a'): Promise<void> {
  const log = await openAuditLog({ directory, stream, origin: 'https://mcp.example.com' });
  await log.close();
}

describe('audit keys', () => {
  it('are listed, pinned and rotated, and who pinned the old key trusts the new one', async () => {
    const directory = join(await temporaryDirectory(), 'audit');
    await start(directory);
    const pins = join(directory, '..', 'pins.pub');
    const pinned = await run(['audit', 'keys', 'pin', directory, '--pins', pins]);
    expect(pinned.stdout).toMatch(/^pinned {2}pod-a {2}[0-9a-f]{8} {2}/);
    expect((await run(['audit', 'keys', 'pin', directory, '--pins', pins])).stdout).toMatch(/^already pinned/);
    expect((await run(['audit', 'verify', directory, '--key', pins])).code).toBe(0);

    const rotated = await run(['audit', 'keys', 'rotate', directory, '--json']);
    const { old, new: made } = JSON.parse(rotated.stdout) as { old: string; new: string };
    expect(await readFile(pins, 'utf8')).toContain(old);
    const before = await run(['audit', 'keys', 'list', directory, '--json']);
    expect(
      before.stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { state: string }).state),
    ).toEqual(['current', 'next']);
    await start(directory);
    const { stdout } = await run(['audit', 'keys', 'list', directory]);
    expect(stdout).toMatch(/former +the beginning/);
    expect(stdout).toMatch(/current +record \d+/);
    const verified = await run(['audit', 'verify', directory, '--key', pins, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ exitCode: 0, signer: 'PASS', findings: [] });
    expect((await run(['audit', 'verify', directory, '--key', made])).code).toBe(1);
  });

  it('want the name of a stream where there are several, and a log that was signed', async () => {
    const directory = join(await temporaryDirectory(), 'audit');
    await start(directory);
    await start(directory, 'pod-b');
    expect((await run(['audit', 'keys', 'rotate', directory])).stderr).toContain('name one with --stream');
    expect((await run(['audit', 'keys', 'rotate', directory, '--stream', 'pod-b'])).code).toBe(0);
    const unsigned = await run(['audit', 'keys', 'list', await auditDirectory(story)]);
    expect(unsigned.code).toBe(2);
    expect(unsigned.stderr).toContain('ERR_AUDIT_KEY');
  });
});
