import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { listSegments } from '../../src/segment/list-segments.ts';
import { Collector, partialSuccess } from '../support/collector.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { requireBuild } from '../support/writer-process.ts';

beforeAll(requireBuild);

const program = fileURLToPath(new URL('export-writer.mjs', import.meta.url));

interface Options {
  readonly directory: string;
  readonly stream: string;
  readonly endpoint: string;
  readonly workers: number;
  readonly rotateBytes?: number;
}

async function start(options: Options): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(child, 'close');
  child.kill(signal);
  await exited;
  return said;
}

test(
  'whatever happens to the process and to the receiver, the receiver has exactly the records of the log in the end',
  { timeout: 120_000 },
  async () => {
    const directory = await temporaryDirectory();
    const faults = [
      undefined,
      undefined,
      { status: 503, keep: false },
      { reset: true, keep: true },
      { status: 429, headers: { 'retry-after': '0' }, keep: false },
      { headers: { 'content-type': 'text/html' }, body: '<html>', keep: false },
      { ...partialSuccess(1, false), keep: true },
      { status: 413, keep: false },
    ];
    let faulty = true;
    const collector = await Collector.start(({ records }) => {
      if (!faulty) return undefined;
      const fault = faults[randomInt(faults.length)];
      // A record that is alone is refused by nobody: this test is about losing nothing, not about setting aside.
      return records.length === 1 && (fault?.status === 413 || fault?.body instanceof Uint8Array) ? undefined : fault;
    });
    for (let round = 0; round < 12; round++) {
      const child = await start({
        directory,
        stream: 'pod-a',
        endpoint: collector.endpoint,
        workers: 16,
        rotateBytes: 60_000,
      });
      await sleep(randomInt(20, 900));
      await end(child, 'SIGKILL');
    }
    faulty = false;
    const last = await start({ directory, stream: 'pod-a', endpoint: collector.endpoint, workers: 0 });
    expect(await end(last, 'SIGTERM')).toContain('closed true');

    const { records } = await readAll(directory, 'pod-a');
    expect(records.length).toBeGreaterThan(1000);
    expect(collector.seqs).toEqual(records.map(({ seq }) => seq));
    expect(collector.ids).toEqual(new Set(records.map(({ id }) => id)));
    expect((await readdir(directory)).filter((name) => name.includes('.dead.'))).toEqual([]);
  },
);

test('a pod with another name exports what killed pods left', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory();
  const collector = await Collector.start();
  const { endpoint } = collector;
  for (const stream of ['pod-a', 'pod-b']) {
    const child = await start({ directory, stream, endpoint, workers: 8 });
    await sleep(200);
    await end(child, 'SIGKILL');
  }
  const child = await start({ directory, stream: 'pod-c', endpoint, workers: 0 });
  const inLog = async (): Promise<Set<string>> => new Set((await readAll(directory)).records.map(({ id }) => id));
  const until = performance.now() + 20_000;
  while (collector.ids.size < (await inLog()).size && performance.now() < until) await sleep(50);
  await end(child, 'SIGTERM');
  expect(collector.ids).toEqual(await inLog());
});

test(
  'segments may go that are exported, while records are written, rotated and exported',
  { timeout: 60_000 },
  async () => {
    const directory = await temporaryDirectory();
    const collector = await Collector.start(({ number }) =>
      number % 3 === 0 ? { status: 503, keep: false } : undefined,
    );
    const child = await start({
      directory,
      stream: 'pod-a',
      endpoint: collector.endpoint,
      workers: 8,
      rotateBytes: 40_000,
    });
    const seen = new Map<string, string>();
    let removed = 0;
    const until = performance.now() + 2000;
    while (performance.now() < until) {
      for (const { id, seq } of (await readAll(directory, 'pod-a')).records) seen.set(id, String(seq));
      removed += await removeExported(directory);
      await sleep(100);
    }
    expect(await end(child, 'SIGTERM')).toContain('closed true');
    for (const { id, seq } of (await readAll(directory, 'pod-a')).records) seen.set(id, String(seq));
    expect(removed).toBeGreaterThan(3);
    expect(collector.seqs).toEqual(Array.from({ length: collector.seqs.length }, (_, index) => index));
    expect([...seen.keys()].filter((id) => !collector.ids.has(id))).toEqual([]);
  },
);

/** Removes the segments that every cursor has passed, as retention may. */
async function removeExported(directory: string): Promise<number> {
  const text = await readFile(join(directory, 'export-pod-a-otlp.cursor'), 'utf8').catch(() => '{"seq":0}');
  const cursor = JSON.parse(text) as { seq: number };
  const segments = await listSegments(directory, 'pod-a');
  let removed = 0;
  for (const [index, { file }] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined || next.firstSeq > cursor.seq) break;
    await rm(join(directory, file));
    removed += 1;
  }
  return removed;
}
