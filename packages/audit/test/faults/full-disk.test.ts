import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkCompleteness } from '../../src/index.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { requireBuild, WriterProcess, type Said } from '../support/writer-process.ts';

const run = promisify(execFile);

beforeAll(requireBuild);

/** Everything that was acknowledged is there. */
async function expectAcknowledged(directory: string, said: readonly Said[]): Promise<void> {
  const { records } = await readAll(directory);
  const decisions = new Set(records.filter(({ type }) => type === 'mcp.decision').map(({ call }) => call));
  const outcomes = new Set(records.filter(({ type }) => type === 'mcp.outcome').map(({ call }) => call));
  expect(said.filter(({ allowed }) => allowed !== undefined && !decisions.has(allowed))).toEqual([]);
  expect(said.filter(({ ended }) => ended !== undefined && !outcomes.has(ended))).toEqual([]);
}

test('a file that may not grow further (EFBIG) is left for a new segment, and no call notices', async () => {
  const directory = await temporaryDirectory();
  // In units of 512 bytes or of a kibibyte, as the shell likes it.
  const writer = new WriterProcess({ directory, stream: 'pod-a', workers: 8, bytes: 1000 }, 'ulimit -f 128;');
  await writer.until((said) => said.length > 600);
  await writer.end('SIGTERM');
  expect(writer.said.filter(({ refused }) => refused !== undefined)).toEqual([]);
  await expectAcknowledged(directory, writer.said);
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: true, lost: 0 });
  expect(report.streams[0]?.segments).toBeGreaterThan(3);
});

/** A small file system of its own, or nothing where this user may not mount one. */
async function smallDisk(): Promise<string | undefined> {
  const directory = await temporaryDirectory();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=512k,mode=0700', 'tmpfs', directory]);
  } catch {
    return undefined;
  }
  onTestFinished(async () => {
    await run('umount', ['-l', directory]);
  });
  return directory;
}

for (const mode of ['strict', 'available'] as const) {
  test(`a full disk (ENOSPC) in mode ${mode}: what was acknowledged is there, and the log recovers by itself`, async () => {
    const directory = await smallDisk();
    if (directory === undefined) {
      process.stderr.write('not proved here: a full disk needs the right to mount a tmpfs\n');
      return;
    }
    const ballast = join(directory, 'ballast');
    const writer = new WriterProcess({ directory, stream: 'pod-a', mode, workers: 8, bytes: 1000 });
    await writer.until((said) => said.length > 20);
    await writeFile(ballast, Buffer.alloc(300_000)).catch(() => undefined);
    if (mode === 'strict') {
      await writer.until((said) =>
        said.some(({ refused, cause }) => refused === 'ERR_AUDIT_UNAVAILABLE' && cause === 'ENOSPC'),
      );
    } else {
      // More than the disk can hold: calls go on.
      await writer.until((said) => said.length > 2000);
    }
    await rm(ballast, { force: true });
    const before = writer.said.length;
    await writer.until((said) => said.slice(before).some(({ ended }) => ended !== undefined));
    await writer.end('SIGTERM');
    expect(writer.said.at(-1)).toEqual({ closed: true });
    expect((await readdir(directory)).filter((name) => name.endsWith('.new'))).toEqual([]);
    const report = await checkCompleteness(directory);
    expect(report).toMatchObject({ missing: 0, duplicates: 0, unparsable: 0 });
    if (mode === 'strict') {
      await expectAcknowledged(directory, writer.said);
    } else {
      // Of what went on without a record every single one is counted.
      const { records } = await readAll(directory);
      const kept = records.filter(({ type }) => type === 'mcp.decision' || type === 'mcp.outcome').length;
      const acknowledged = writer.said.filter(
        ({ allowed, ended }) => allowed !== undefined || ended !== undefined,
      ).length;
      expect(report.lost).toBeGreaterThan(0);
      expect(kept + report.lost).toBe(acknowledged);
    }
  });
}
