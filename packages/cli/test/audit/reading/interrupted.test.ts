import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAuditLog } from '@sallyport/audit';
import type { JsonValue } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { allowed, signSegment, temporaryDirectory, writeLogConfig, writeSegment } from '../../support/audit-log.ts';
import { builtCommand } from '../../support/built-command.ts';
import { runBuilt } from '../../support/run.ts';

const idOf = (call: number): string => `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`;

interface Live {
  readonly directory: string;
  readonly config: string;
  /** For temporary files. */
  readonly temporary: string;
}

/** A log that a config file names, with more calls than a pipe holds. */
async function live(): Promise<Live> {
  const folder = await temporaryDirectory();
  const [directory, temporary] = [join(folder, 'audit'), join(folder, 'tmp')];
  await mkdir(directory);
  await mkdir(temporary);
  const calls = Array.from({ length: 5000 }, (_, call) => allowed(idOf(call), 'alice', 'read-note'));
  await writeSegment(directory, calls);
  await signSegment(directory);
  const config = await writeLogConfig(folder);
  return { directory, config, temporary };
}

async function readings(directory: string): Promise<(JsonValue | undefined)[]> {
  const details: (JsonValue | undefined)[] = [];
  for await (const item of readAuditLog(directory)) {
    if (item.kind === 'record' && item.stream.startsWith('cli-'))
      details.push(item.record.type === 'audit.stopped' ? 'stopped' : item.record.detail);
  }
  return details;
}

const verdict = async (config: string): Promise<unknown> => {
  const { exitCode, content, findings } = JSON.parse(
    (await runBuilt(['audit', 'verify', '--config', config, '--json'])).stdout.split('\n', 1)[0] ?? '',
  ) as Record<string, unknown>;
  return { exitCode, content, codes: (findings as { code: string }[] | undefined)?.map(({ code }) => code) };
};

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** Starts a command and, when it wrote something, ends it. */
async function end(args: readonly string[], temporary: string, how: NodeJS.Signals | 'close'): Promise<Ended> {
  const child = spawn(process.execPath, [builtCommand, ...args], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  await once(child.stdout, 'data');
  if (how === 'close') child.stdout.destroy();
  else child.kill(how);
  const [code, signal] = await ended;
  return { code, signal, stderr };
}

describe('a reading that is interrupted', () => {
  it.each([
    ['query', '--json'],
    ['show', '--json'],
    ['export', '--format', 'jsonl'],
    ['query', '--sql', 'SELECT * FROM records', '--json'],
  ])(
    'because nobody reads its output any more ends without an error, is recorded, and leaves nothing behind: %s %s',
    async (verb, ...options) => {
      const { directory, config, temporary } = await live();
      expect((await runBuilt(['audit', 'show', '--config', config, '--subject', 'nobody'])).code).toBe(0);
      const before = await verdict(config);
      const ended = await end(['audit', verb, '--config', config, ...options], temporary, 'close');
      expect(ended).toEqual({ code: 0, signal: null, stderr: '' });
      const [last, stopped] = (await readings(directory)).slice(-2);
      expect([last, stopped]).toMatchObject([
        { command: `audit ${verb}`, state: 'ended', interrupted: true },
        'stopped',
      ]);
      expect((await readdir(directory)).filter((name) => name.includes('lock'))).toEqual([]);
      expect(await readdir(temporary)).toEqual([]);
      expect(await verdict(config)).toEqual(before);
    },
    60_000,
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s is recorded, and ends by the signal',
    async (how) => {
      const { directory, config, temporary } = await live();
      const ended = await end(['audit', 'tail', '-f', '-q', '--config', config], temporary, how);
      expect(ended).toMatchObject({ code: null, signal: how });
      const [last, stopped] = (await readings(directory)).slice(-2);
      expect([last, stopped]).toMatchObject([{ command: 'audit tail', state: 'ended', interrupted: true }, 'stopped']);
      expect((await readdir(directory)).filter((name) => name.includes('lock'))).toEqual([]);
    },
    60_000,
  );
});

describe('a copy of the log that a killed command left in the folder for temporary files', () => {
  it('is removed by the next one, unless its process is alive, on another host, or it is no such folder', async () => {
    const { directory, temporary } = await live();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    const [dead, host] = [child.pid, hostname()];
    const [left, ...others] = [
      `sallyport-sql-${dead}-${host}-abcdef`,
      `sallyport-sql-${process.pid}-${host}-abcdef`,
      `sallyport-sql-${dead}-elsewhere-${host}x-abcdef`,
      `sallyport-sql-notes`,
    ];
    for (const name of [left, ...others]) await mkdir(join(temporary, name ?? ''));
    await writeFile(join(temporary, left ?? '', 'records.csv'), 'alice');
    const args = ['audit', 'query', directory, '--sql', 'SELECT 1'];
    expect((await runBuilt(args, { env: { TMPDIR: temporary } })).code).toBe(0);
    expect((await readdir(temporary)).toSorted()).toEqual(others.toSorted());
  }, 60_000);
});

it('a command that waits for nothing to be recorded ends at once', async () => {
  const { directory, temporary } = await live();
  const child = spawn(process.execPath, [builtCommand, 'audit', 'tail', '-f', directory], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await sleep(20);
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
}, 60_000);
