import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AuditRecord } from '@sallyport/core';
import { createStdoutSink, type ExportBatch, type SendResult } from '../../../src/index.ts';
import { eventually } from '../../support/export-log.ts';
import { readAll } from '../../support/read-records.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { requireBuild } from '../../support/writer-process.ts';

beforeAll(requireBuild);

const program = fileURLToPath(new URL('stdout-writer.mjs', import.meta.url));

function start(directory: string, records: number): { child: ChildProcess; heard(): string; turns(): number } {
  const child = spawn(process.execPath, [program, JSON.stringify({ directory, records })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let heard = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (heard += text));
  return { child, heard: () => heard, turns: () => heard.split('\n').length };
}

async function stop(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await exited)[0];
}

const batch: ExportBatch = {
  stream: 'pod-a',
  records: [{ seq: 0, line: Buffer.from('{}'), record: {} as AuditRecord }],
};

const seqsOf = (text: string): number[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { seq: number }).seq);

describe('an export to standard output', () => {
  test('prints every record as the line that it is in the log', async () => {
    const directory = await temporaryDirectory();
    const { child } = start(directory, 500);
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await eventually(() => expect(printed.split('\n').length).toBeGreaterThan(500));
    expect(await stop(child)).toBe(0);
    const { records } = await readAll(directory);
    expect(
      printed
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(records);
  });

  // @verifies G-19
  test('holds up nothing while nobody reads, and goes on when somebody does', async () => {
    const directory = await temporaryDirectory();
    const { child, turns } = start(directory, 2000);
    await eventually(() => expect(turns()).toBeGreaterThan(3));
    const before = turns();
    await eventually(() => expect(turns()).toBeGreaterThan(before + 20));
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await eventually(() => expect(printed.split('\n').length).toBeGreaterThan(2000));
    await stop(child);
    expect(new Set(seqsOf(printed))).toEqual(new Set((await readAll(directory)).records.map(({ seq }) => seq)));
  });

  test('ends the process in time while nobody reads', async () => {
    const { child, turns, heard } = start(await temporaryDirectory(), 2000);
    await eventually(() => expect(turns()).toBeGreaterThan(3));
    expect(await stop(child)).toBe(0);
    expect(heard()).toContain('closed false');
  });

  test('survives that standard output is closed (EPIPE), and keeps everything for the next start', async () => {
    const directory = await temporaryDirectory();
    const first = start(directory, 100);
    first.child.stdout?.destroy();
    await eventually(() => expect(first.turns()).toBeGreaterThan(30));
    await stop(first.child);
    const second = start(directory, 0);
    let printed = '';
    second.child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await eventually(() => expect(printed.split('\n').length).toBeGreaterThan(100));
    await stop(second.child);
    expect(new Set(seqsOf(printed))).toEqual(new Set((await readAll(directory)).records.map(({ seq }) => seq)));
  });

  test('counts a record as accepted when the system has taken it, and not before', async () => {
    const callbacks: ((error?: Error) => void)[] = [];
    const stream = new Writable({ write: (_chunk, _encoding, done) => void callbacks.push(done) });
    const sink = createStdoutSink({ stream });
    const { signal } = new AbortController();
    let result: SendResult | undefined;
    void sink.send(batch, signal).then((sent) => (result = sent));
    await new Promise((resolve) => setImmediate(resolve));
    expect(result).toBeUndefined();
    callbacks[0]?.();
    await eventually(() => expect(result).toEqual({ kind: 'accepted' }));
    const failing = sink.send(batch, signal);
    callbacks[1]?.(Object.assign(new Error('broken'), { code: 'EIO' }));
    expect(await failing).toEqual({ kind: 'retry', problem: 'EIO' });
    expect(await sink.send(batch, signal)).toMatchObject({ kind: 'misconfigured' });
  });
});
