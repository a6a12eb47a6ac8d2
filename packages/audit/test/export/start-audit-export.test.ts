import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { ExportBatch, ExportSink, SendResult } from '../../src/index.ts';
import { startAuditExport } from '../../src/index.ts';
import { segmentName } from '../../src/segment/segment-name.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { decision, eventually, ExportLog, startExport } from '../support/export-log.ts';

/** A receiver in memory. */
class Memory implements ExportSink {
  readonly batches: ExportBatch[] = [];
  sending = 0;
  most = 0;
  answer: () => SendResult | Promise<SendResult> = () => ({ kind: 'accepted' });

  async send(batch: ExportBatch): Promise<SendResult> {
    this.sending += 1;
    this.most = Math.max(this.most, this.sending);
    const result = await this.answer();
    this.sending -= 1;
    if (result.kind === 'accepted') this.batches.push(batch);
    return result;
  }

  seqs(stream = 'pod-a'): number[] {
    return this.batches
      .filter((batch) => batch.stream === stream)
      .flatMap(({ records }) => records.map(({ seq }) => seq));
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const cursor = async (log: ExportLog, name = 'one', stream = 'pod-a'): Promise<unknown> =>
  JSON.parse(await readFile(join(log.directory, `export-${stream}-${name}.cursor`), 'utf8'));

describe('an export', () => {
  test('sends every record once and in order while the log is written and rotated', async () => {
    const log = await ExportLog.create();
    const sink = new Memory();
    await log.rotate(1);
    startExport(log, [{ name: 'one', sink }]);
    for (let round = 0; round < 20; round++) {
      await log.write(17);
      if (round % 4 === 3) await log.rotate(3);
    }
    await eventually(() => expect(sink.seqs()).toEqual(range(356)));
    expect(sink.most).toBe(1);
    expect(Math.max(...sink.batches.map(({ records }) => records.length))).toBeLessThanOrEqual(64);
  });

  test('goes on at its cursor after a restart, and has one from the first moment on', async () => {
    const log = await ExportLog.create();
    await log.rotate(5);
    const sink = new Memory();
    sink.answer = () => ({ kind: 'retry', problem: 'down' });
    const first = startExport(log, [{ name: 'one', sink }]);
    await eventually(async () => expect(await cursor(log)).toMatchObject({ v: 1, stream: 'pod-a', seq: 0 }));
    sink.answer = () => ({ kind: 'accepted' });
    await eventually(() => expect(sink.seqs()).toEqual(range(5)));
    expect(await first.close()).toBe(true);
    expect(await cursor(log)).toEqual({ v: 1, stream: 'pod-a', seq: 5, segment: segmentName('pod-a', 0).file });
    await log.write(2);
    startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(sink.seqs()).toEqual(range(7)));
  });

  test('does not move the cursor for anything but an acknowledgement', async () => {
    const log = await ExportLog.create();
    await log.rotate(5);
    const answers: (() => SendResult)[] = [
      () => ({ kind: 'retry', problem: 'x' }),
      () => ({ kind: 'misconfigured', problem: 'x' }),
      () => {
        throw new Error('x');
      },
    ];
    const sink = new Memory();
    let count = 0;
    sink.answer = () => answers[count++ % answers.length]?.() ?? { kind: 'retry', problem: 'x' };
    startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(count).toBeGreaterThan(12));
    expect(await cursor(log)).toMatchObject({ seq: 0 });
  });

  test('that is slow or down holds up neither the log nor another export', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const [stuck, well] = [new Memory(), new Memory()];
    stuck.answer = () => new Promise(() => undefined);
    const running = startExport(log, [
      { name: 'stuck', sink: stuck },
      { name: 'well', sink: well },
    ]);
    await log.write(500);
    await eventually(() => expect(well.seqs()).toEqual(range(501)));
    await eventually(() =>
      expect(running.status()).toMatchObject([
        { name: 'stuck', records: 501 },
        { name: 'well', records: 0 },
      ]),
    );
    const [{ oldestMs } = {}] = running.status();
    expect(oldestMs).toBeGreaterThan(Date.now() - 60_000);
    const lag = running.events.findLast((event) => event.type === 'audit.export_lag' && event.export === 'stuck');
    expect(lag).toMatchObject({ records: 501, oldestMs });
  });

  test('begins again with every record when its cursor is broken or points past the log', async () => {
    for (const text of [
      '{',
      '[]',
      '{"v":1,"stream":"pod-b","seq":2}',
      '{"v":1,"stream":"pod-a","seq":-1}',
      '{"v":1,"stream":"pod-a","seq":99}',
    ]) {
      const log = await ExportLog.create();
      await log.rotate(4);
      await writeFile(join(log.directory, 'export-pod-a-one.cursor'), text);
      const sink = new Memory();
      const running = startExport(log, [{ name: 'one', sink }]);
      await eventually(() => expect(sink.seqs(), text).toEqual(range(4)));
      expect(running.said.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/does not belong to this log/),
      );
    }
  });

  test('says what is missing in the log, and goes on behind it', async () => {
    const log = await ExportLog.create();
    for (const count of [3, 4, 2]) await log.rotate(count);
    await rm(join(log.directory, segmentName('pod-a', 3).file));
    const sink = new Memory();
    const running = startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(sink.seqs()).toEqual([0, 1, 2, 7, 8]));
    expect(running.said.filter(({ facts }) => facts['kind'] === 'missing')).toHaveLength(1);
  });

  test('warns of a cursor that no export moves, because it holds back retention', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    for (const file of ['export-pod-a-gone.cursor', 'export-pod-b-gone.cursor', 'export-pod-a-one.dead.jsonl'])
      await writeFile(join(log.directory, file), '');
    const running = startExport(log, [{ name: 'one', sink: new Memory() }]);
    await eventually(() =>
      expect(
        running.said
          .filter(({ message }) => message.includes('holds back retention'))
          .map(({ facts }) => facts['file']),
      ).toEqual(['export-pod-a-gone.cursor']),
    );
  });

  test('has a name that can be part of a file name, and no other has it', async () => {
    const audit = await ExportLog.create();
    const sink = new Memory();
    for (const name of ['', 'a-b', 'A', '../x', 'x'.repeat(33)])
      expect(() => startAuditExport({ audit, exports: [{ name, sink }] }), name).toThrow(TypeError);
    const twice = [
      { name: 'a', sink },
      { name: 'a', sink },
    ];
    expect(() => startAuditExport({ audit, exports: twice })).toThrow('two exports are called a');
  });

  test('survives an observer and a logger that throw', async () => {
    const log = await ExportLog.create();
    await log.rotate(3);
    const sink = new Memory();
    let count = 0;
    sink.answer = () => (count++ === 0 ? { kind: 'retry', problem: 'x' } : { kind: 'accepted', warning: 'soon gone' });
    const fail = (): never => {
      throw new Error('broken');
    };
    startExport(log, [{ name: 'one', sink }], {
      observer: { startCall: fail, emit: fail },
      log: { info: fail, warn: fail, error: fail },
    });
    await eventually(() => expect(sink.seqs()).toEqual(range(3)));
  });
});

describe('the end of an export', () => {
  test('sends what is there first, the last record of the log included', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const sink = new Memory();
    const running = startExport(log, [{ name: 'one', sink }], { timing: { pollMs: 60_000 } });
    await eventually(() => expect(sink.seqs()).toEqual([0]));
    await log.write(300);
    await log.close();
    expect(await running.close()).toBe(true);
    expect(sink.seqs()).toEqual(range(301));
    expect(await cursor(log)).toMatchObject({ seq: 301 });
    expect((await readdir(log.directory)).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  test('does not wait for a receiver that is down, and says how much is left', async () => {
    const log = await ExportLog.create();
    await log.rotate(7);
    const sink = new Memory();
    sink.answer = () => ({ kind: 'retry', problem: 'down', retryAfterMs: 3_600_000 });
    const running = startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(running.said.length).toBeGreaterThan(0));
    expect(await running.close({ timeoutMs: 60_000 })).toBe(false);
    expect(running.said.at(-1)).toMatchObject({ level: 'warn', facts: { left: [{ name: 'one', records: 7 }] } });
  });

  test('cuts off a receiver that does not answer', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const aborted = vi.fn();
    const sink: ExportSink = {
      send: (_batch, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted();
            resolve({ kind: 'retry', problem: 'aborted' });
          });
        }),
    };
    const running = startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(running.status()).toMatchObject([{ records: 1 }]));
    expect(await running.close({ timeoutMs: 20 })).toBe(false);
    expect(aborted).toHaveBeenCalledOnce();
  });
});

describe('streams of other writers', () => {
  async function dead(log: ExportLog, stream: string, finished = true): Promise<DeadWriter> {
    const writer = new DeadWriter(log.directory, stream);
    await writer.begin(started, decision(), ...(finished ? [stopped()] : []));
    await writer.store.close();
    return writer;
  }

  test('are exported when they are finished, also when that happens later', async () => {
    const log = await ExportLog.create();
    await log.rotate(2);
    await dead(log, 'pod-b');
    const open = await dead(log, 'pod-c', false);
    const sink = new Memory();
    startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(sink.seqs('pod-b')).toEqual([0, 1, 2]));
    expect(sink.seqs('pod-c')).toEqual([]);
    await open.begin(started, stopped());
    await eventually(() => expect(sink.seqs('pod-c')).toEqual([0, 1, 2, 3]));
    await eventually(async () => expect(await cursor(log, 'one', 'pod-c')).toMatchObject({ stream: 'pod-c', seq: 4 }));
  });

  test('are left to their own process while it lives', async () => {
    const log = await ExportLog.create();
    await log.rotate(2);
    await dead(log, 'pod-b');
    const lock = join(log.directory, 'audit-pod-b.lock');
    await writeFile(lock, '{}');
    const sink = new Memory();
    startExport(log, [{ name: 'one', sink }]);
    await eventually(() => expect(sink.seqs()).toEqual([0, 1]));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sink.seqs('pod-b')).toEqual([]);
    await rm(lock);
    await eventually(() => expect(sink.seqs('pod-b')).toEqual([0, 1, 2]));
  });

  test('are exported by one process only', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const other = new ExportLog(log.directory, 'pod-z');
    await other.rotate(1);
    await writeFile(join(log.directory, 'audit-pod-z.lock'), '{}');
    await writeFile(join(log.directory, 'audit-pod-a.lock'), '{}');
    for (const stream of ['pod-b', 'pod-c', 'pod-d']) await dead(log, stream);
    const sinks = [new Memory(), new Memory()];
    startExport(log, [{ name: 'one', sink: sinks[0] ?? new Memory() }]);
    startExport(other, [{ name: 'one', sink: sinks[1] ?? new Memory() }]);
    const seen = (stream: string): number[] => sinks.flatMap((sink) => sink.seqs(stream));
    await eventually(() => {
      for (const stream of ['pod-b', 'pod-c', 'pod-d']) expect(seen(stream)).toEqual([0, 1, 2]);
    });
  });
});
