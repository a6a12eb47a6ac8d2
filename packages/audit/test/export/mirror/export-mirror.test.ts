import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAuditLog, type ExportBatch, type ExportSink, type SegmentedAuditLog } from '../../../src/index.ts';
import { decision, eventually, startExport } from '../../support/export-log.ts';
import { FaultyDisk } from '../../support/faulty-disk.ts';
import { readAll } from '../../support/read-records.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

interface Mirrored {
  readonly audit: SegmentedAuditLog;
  readonly disk: FaultyDisk;
  readonly batches: ExportBatch[];
  readonly sink: ExportSink & { down: boolean };
  /** Every id of both copies. */
  ids(): Promise<Set<string>>;
  /** Every id that was accepted, with how often. */
  sent(): Map<string, number>;
}

async function open(): Promise<Mirrored> {
  const folder = await temporaryDirectory();
  const [directory, mirror] = [join(folder, 'log'), join(folder, 'mirror')];
  const disk = new FaultyDisk();
  const audit = await openAuditLog({
    ...{ directory, mirror, stream: 'pod-a', mode: 'at-least-one', hashKey: new Uint8Array(32) },
    fileSystem: disk,
  });
  onTestFinished(() => audit.close());
  const batches: ExportBatch[] = [];
  const sink: Mirrored['sink'] = {
    down: false,
    async send(batch) {
      if (sink.down) return { kind: 'retry', problem: 'down' };
      batches.push(batch);
      return { kind: 'accepted' };
    },
  };
  return {
    audit,
    disk,
    batches,
    sink,
    async ids() {
      const copies = await Promise.all([directory, mirror].map((copy) => readAll(copy)));
      return new Set(copies.flatMap(({ records }) => records.map(({ id }) => id)));
    },
    sent() {
      const counts = new Map<string, number>();
      for (const { id } of batches.flatMap(({ records }) => records.map(({ record }) => record)))
        counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts;
    },
  };
}

const write = async (audit: SegmentedAuditLog, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) await audit.append(decision());
};

describe('an export of a log with a mirror', () => {
  test('sends what only the mirror has', async () => {
    const { audit, disk, sink, batches, ids, sent } = await open();
    const running = startExport(audit, [{ name: 'one', sink }]);
    await write(audit, 20);
    disk.fail('EIO');
    await write(audit, 30);
    disk.repair();
    await write(audit, 20);
    await eventually(async () => expect(new Set(sent().keys())).toEqual(await ids()));
    const mirrored = batches.filter(({ copy }) => copy === 'mirror').flatMap(({ records }) => records);
    expect(mirrored.filter(({ record }) => record.type === 'mcp.decision').length).toBeGreaterThanOrEqual(29);
    await audit.close();
    expect(await running.close()).toBe(true);
    expect(new Set(sent().keys())).toEqual(await ids());
  });

  test('sends what both have once, also after the receiver was down', async () => {
    const { audit, sink, sent } = await open();
    startExport(audit, [{ name: 'one', sink }]);
    await write(audit, 50);
    sink.down = true;
    await write(audit, 300);
    sink.down = false;
    await write(audit, 50);
    const decisions = async (): Promise<string[]> =>
      (await readAll(audit.directory)).records.filter(({ type }) => type === 'mcp.decision').map(({ id }) => id);
    await eventually(async () => expect((await decisions()).every((id) => sent().has(id))).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const twice = (await decisions()).filter((id) => (sent().get(id) ?? 0) > 1);
    expect(twice).toEqual([]);
  });
});
