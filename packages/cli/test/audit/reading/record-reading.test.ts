import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { readAuditLog } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import {
  auditDirectory,
  calls,
  signSegment,
  story,
  temporaryDirectory,
  writeLogConfig,
  writeSegment,
} from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

/** A log that a config file names. */
async function live(): Promise<{ readonly directory: string; readonly config: string }> {
  const folder = await temporaryDirectory();
  const directory = join(folder, 'audit');
  await mkdir(directory);
  await writeSegment(directory, story);
  await signSegment(directory);
  const config = await writeLogConfig(folder);
  return { directory, config };
}

async function readings(directory: string): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const item of readAuditLog(directory)) {
    if (item.kind === 'record' && item.stream.startsWith('cli-')) records.push(item.record);
  }
  return records;
}

describe('who reads the log of a server', () => {
  it('is recorded there, before and after, with what was selected and how much was shown', async () => {
    const { directory, config } = await live();
    expect((await run(['audit', 'show', '--config', config, '--subject', 'alice'])).code).toBe(0);
    const seen = await readings(directory);
    expect(seen.map(({ type }) => type)).toEqual(['audit.started', 'audit.read', 'audit.read', 'audit.stopped']);
    const by = { user: userInfo().username, uid: userInfo().uid, host: hostname() };
    expect(seen[1]?.detail).toEqual({ by, command: 'audit show', filter: { subject: 'alice' }, state: 'begun' });
    expect(seen[2]?.detail).toMatchObject({ by, state: 'ended', records: 5 });
  });

  it('is recorded for tail, prove and export, an export with the hash of each file', async () => {
    const { directory, config } = await live();
    await run(['audit', 'tail', '--config', config]);
    await run(['audit', 'prove', '--config', config, '--call', calls.read]);
    const out = join(directory, '..', 'out');
    const made = await run([
      'audit',
      'export',
      '--config',
      config,
      '--format',
      'csv',
      '--out',
      out,
      '--decision',
      'deny',
    ]);
    const ended = (await readings(directory)).filter(({ detail }) => JSON.stringify(detail ?? '').includes('"ended"'));
    expect(ended.map(({ type, detail }) => [type, (detail as { command: string }).command])).toEqual([
      ['audit.read', 'audit tail'],
      ['audit.read', 'audit prove'],
      ['audit.exported', 'audit export'],
    ]);
    const [, sha256 = ''] = /sha256:([0-9a-f]{64})/.exec(made.stdout) ?? [];
    expect(ended[2]?.detail).toMatchObject({
      formats: ['csv'],
      records: 2,
      filter: { decision: 'deny' },
      proof: false,
    });
    // A hash in clear reads like a credential: what is recorded of it can be compared, not read.
    expect(JSON.stringify(ended[2]?.detail)).toContain('audit.csv');
    expect(sha256).toHaveLength(64);
  });

  it('leaves a log that verifies', async () => {
    const { config } = await live();
    await run(['audit', 'show', '--config', config]);
    await run(['audit', 'show', '--config', config]);
    const { stdout } = await run(['audit', 'verify', '--config', config, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ content: 'PASS', time: 'PASS', exitCode: 3 });
  });

  it('is recorded when the directory of the config is named', async () => {
    const { directory, config } = await live();
    await run(['audit', 'show', directory, '--config', config]);
    expect(await readings(directory)).not.toEqual([]);
  });

  it('two at once are both recorded', async () => {
    const { directory, config } = await live();
    await Promise.all([1, 2].map(() => run(['audit', 'show', '--config', config])));
    expect((await readings(directory)).filter(({ type }) => type === 'audit.read')).toHaveLength(4);
  });
});

describe('nothing is written', () => {
  it('into a directory that is named on its own: it may be evidence', async () => {
    const directory = await auditDirectory(story);
    const before = await readdir(directory);
    for (const args of [['show'], ['tail'], ['export', '--format', 'csv'], ['verify']]) {
      const [verb = '', ...rest] = args;
      await run(['audit', verb, directory, ...rest]);
    }
    expect(await readdir(directory)).toEqual(before);
  });

  it('where nothing can be written: that is said, and the reading goes on', async () => {
    const { directory, config } = await live();
    await writeFile(join(directory, `hash-cli-${hostname()}.key`), 'no key', { mode: 0o600 });
    await chmod(directory, 0o500);
    const { code, stdout, stderr } = await run(['audit', 'show', '--config', config]);
    await chmod(directory, 0o700);
    expect(code).toBe(0);
    expect(stdout).toContain('alice');
    expect(stderr).toContain('warning  this reading is not recorded in the audit log: ');
  });

  it('by a config whose directory is not there yet', async () => {
    const { directory, config } = await live();
    await writeFile(config, (await readFile(config, 'utf8')).replace('./audit', './none'));
    expect((await run(['audit', 'show', '--config', config])).code).toBe(2);
    expect(await readdir(join(directory, '..'))).not.toContain('none');
  });
});
