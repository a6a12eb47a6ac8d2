import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkCompleteness, openAuditLog, type ExportSink, type OpenAuditLogOptions } from '../../src/index.ts';
import { decision, eventually, startExport } from '../support/export-log.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const small = { rotate: { bytes: 4096 }, retention: { bytes: 10_000 }, hashKey: new Uint8Array(32), exports: ['one'] };

/** A receiver that is down, and then slow. */
class Slow implements ExportSink {
  readonly seqs: Set<number> = new Set();
  readonly calls: Set<string | undefined> = new Set();
  down = true;
  #asked = 0;

  async send({ records }: Parameters<ExportSink['send']>[0]): ReturnType<ExportSink['send']> {
    this.#asked += 1;
    if (this.down || this.#asked % 3 === 0) return { kind: 'retry', problem: 'down' };
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const { seq, record } of records) {
      this.seqs.add(seq);
      this.calls.add(record.call);
    }
    return { kind: 'accepted' };
  }
}

/** A log whose appends are remembered when they were acknowledged. */
async function open(options: OpenAuditLogOptions) {
  const audit = await openAuditLog(options);
  onTestFinished(() => audit.close());
  const acknowledged: string[] = [];
  const write = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const entry = decision();
      await audit.append(entry);
      acknowledged.push(entry.call ?? '');
    }
  };
  return { audit, acknowledged, write };
}

test('every record arrives while old segments are deleted behind a slow receiver', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory();
  const { audit, acknowledged, write } = await open({ directory, stream: 'pod-a', ...small });
  const first = 'audit-pod-a-00000000000000000000.jsonl';
  const sink = new Slow();
  await write(100);
  const running = startExport(audit, [{ name: 'one', sink }]);
  await write(100);
  sink.down = false;
  await eventually(async () => {
    await write(5);
    expect(await readdir(directory)).not.toContain(first);
  });
  await audit.close();
  expect(await running.close({ timeoutMs: 30_000 })).toBe(true);
  expect([...sink.seqs]).toEqual(Array.from({ length: audit.confirmed() }, (_, index) => index));
  expect(acknowledged.filter((call) => !sink.calls.has(call))).toEqual([]);
  expect(await checkCompleteness(directory)).toMatchObject({ missing: 0 });
});

test('a log that is older than its exports is not deleted before they have sent it', async () => {
  const directory = await temporaryDirectory();
  const before = await open({ directory, stream: 'pod-a', ...small, retention: {}, exports: [] });
  await before.write(100);
  await before.audit.close();
  const { audit, write } = await open({ directory, stream: 'pod-a', ...small });
  await write(50);
  const sink = new Slow();
  sink.down = false;
  const running = startExport(audit, [{ name: 'one', sink }]);
  await eventually(() => expect(before.acknowledged.filter((call) => !sink.calls.has(call))).toEqual([]));
  await audit.close();
  await running.close();
  expect([...sink.seqs]).toEqual(Array.from({ length: audit.confirmed() }, (_, index) => index));
});

test('what only the mirror has is kept until it has arrived', { timeout: 60_000 }, async () => {
  const folder = await temporaryDirectory();
  const [directory, mirror] = [join(folder, 'log'), join(folder, 'mirror')];
  const disk = new FaultyDisk();
  const options = { directory, mirror, stream: 'pod-a', mode: 'at-least-one', fileSystem: disk } as const;
  const { audit, acknowledged, write } = await open({ ...options, ...small });
  const sink = new Slow();
  const running = startExport(audit, [{ name: 'one', sink }]);
  await write(2);
  disk.fail('EIO');
  await write(100);
  disk.repair();
  await write(2);
  const left = new Set((await readAll(mirror)).records.map(({ call }) => call));
  expect(acknowledged.filter((call) => !left.has(call))).toEqual([]);
  sink.down = false;
  await eventually(() => expect(acknowledged.filter((call) => !sink.calls.has(call))).toEqual([]));
  await audit.close();
  expect(await running.close({ timeoutMs: 30_000 })).toBe(true);
});
