import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { checkCompleteness, openAuditLog } from '../../src/index.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { requireBuild, WriterProcess } from '../support/writer-process.ts';

beforeAll(requireBuild);

test(
  'whatever was acknowledged before kill -9 is in the log, and the next start closes the rest',
  { timeout: 120_000 },
  async () => {
    const directory = await temporaryDirectory();
    const allowed: string[] = [];
    const ended: string[] = [];
    for (let round = 0; round < 20; round++) {
      const writer = new WriterProcess({ directory, stream: 'pod-a', workers: 16 });
      const enough = randomInt(1, 200);
      await writer.until((said) => said.length > enough);
      await writer.end('SIGKILL');
      for (const line of writer.said) {
        if (line.allowed !== undefined) allowed.push(line.allowed);
        if (line.ended !== undefined) ended.push(line.ended);
      }
    }
    await (await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) })).close();
    const { records } = await readAll(directory);
    const callsOf = (type: string): Set<string | undefined> =>
      new Set(records.filter((record) => record.type === type).map(({ call }) => call));
    const decisions = callsOf('mcp.decision');
    const outcomes = new Set(records.filter(({ outcome }) => outcome?.status === 'ok').map(({ call }) => call));
    expect(allowed.filter((call) => !decisions.has(call))).toEqual([]);
    expect(ended.filter((call) => !outcomes.has(call))).toEqual([]);
    const report = await checkCompleteness(directory);
    expect(report).toMatchObject({ complete: true, missing: 0, streams: [{ closed: true, segments: 21 }] });
    expect(report.allowsWithOutcome).toBe(report.allows);
    expect(report.aborted).toBeGreaterThan(0);
  },
);

test('a new pod finishes the streams of pods that were killed, whatever their names', async () => {
  const directory = await temporaryDirectory();
  const writers = ['pod-a', 'pod-b'].map((stream) => new WriterProcess({ directory, stream, workers: 4 }));
  await Promise.all(writers.map((writer) => writer.until((said) => said.length > 20)));
  await Promise.all(writers.map((writer) => writer.end('SIGKILL')));
  await (await openAuditLog({ directory, stream: 'pod-c', hashKey: new Uint8Array(32) })).close();
  expect(await checkCompleteness(directory)).toMatchObject({
    complete: true,
    streams: [
      { stream: 'pod-a', closed: true },
      { stream: 'pod-b', closed: true },
      { stream: 'pod-c', closed: true },
    ],
  });
  expect((await readdir(directory)).filter((name) => name.includes('.lock'))).toEqual([]);
});

test('a running writer keeps its stream; killed with -9 it loses it at once', async () => {
  const directory = await temporaryDirectory();
  const first = new WriterProcess({ directory, stream: 'pod-a' });
  await first.until((said) => said.length > 0);
  const options = { directory, stream: 'pod-a', hashKey: new Uint8Array(32) };
  await expect(openAuditLog(options)).rejects.toMatchObject({
    code: 'ERR_AUDIT_LOCKED',
    message: expect.stringContaining(`process ${first.pid} on `),
  });
  await first.end('SIGKILL');
  await (await openAuditLog(options)).close();
});

test('of many processes that race for the lock of a dead one, exactly one wins', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory();
  const dead = new WriterProcess({ directory, stream: 'pod-a' });
  await dead.until((said) => said.length > 0);
  await dead.end('SIGKILL');
  const racers = Array.from({ length: 6 }, () => new WriterProcess({ directory, stream: 'pod-a' }));
  await Promise.all(racers.map((racer) => racer.until((said) => said.length > 0)));
  const results = racers.map(({ said }) => said[0]?.error ?? 'won');
  expect(results.sort()).toEqual([...Array.from({ length: 5 }, () => 'ERR_AUDIT_LOCKED'), 'won']);
});

test('SIGTERM in the middle of work loses nothing and leaves a closed log', async () => {
  const directory = await temporaryDirectory();
  const writer = new WriterProcess({ directory, stream: 'pod-a', workers: 100 });
  await writer.until((said) => said.length > 500);
  await writer.end('SIGTERM');
  expect(writer.said.at(-1)).toEqual({ closed: true });
  const { records } = await readAll(directory);
  expect(records.at(-1)?.type).toBe('audit.stopped');
  const decisions = new Set(records.map(({ call }) => call));
  expect(writer.said.filter(({ allowed }) => allowed !== undefined && !decisions.has(allowed))).toEqual([]);
});
