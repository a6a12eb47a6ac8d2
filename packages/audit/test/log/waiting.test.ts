import { expect, onTestFinished, test, vi } from 'vitest';
import { checkCompleteness, openAuditLog, type SegmentedAuditLog } from '../../src/index.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const unavailable = { reason: 'audit_unavailable', status: 503 };

interface Held {
  readonly audit: SegmentedAuditLog;
  readonly directory: string;
  readonly disk: FaultyDisk;
  /** No write answers any more. */
  hold(): void;
  release(): void;
}

async function open(mode: 'strict' | 'available'): Promise<Held> {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const directory = await temporaryDirectory();
  const disk = new FaultyDisk();
  const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32), fileSystem: disk, mode });
  onTestFinished(async () => {
    vi.useRealTimers();
    await audit.close();
  });
  let release = (): void => undefined;
  return {
    audit,
    directory,
    disk,
    hold() {
      disk.held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release() {
      disk.held = undefined;
      release();
    },
  };
}

/** Lets the writes begin that were asked for. */
async function begun(disk: FaultyDisk, writes: number): Promise<void> {
  while (disk.writes < writes) await new Promise(setImmediate);
}

// @verifies G-19
test('in mode strict nobody waits longer than ten seconds, and a call that was refused meanwhile did not run', async () => {
  const { audit, directory, disk, hold, release } = await open('strict');
  const running = allow();
  await audit.append(running);
  hold();
  const refused = [allow(), allow()];
  const waiting = Promise.allSettled([
    ...refused.map((entry) => audit.append(entry)),
    audit.append(outcome(running.call)),
  ]);
  await begun(disk, disk.writes + 1);
  vi.advanceTimersByTime(10_100);
  const results = await waiting;
  expect(results).toMatchObject(results.map(() => ({ status: 'rejected', reason: unavailable })));
  expect(audit.status()).toMatchObject({ writable: false, problem: 'the disk of the audit log does not answer' });
  release();
  await vi.waitFor(() => expect(audit.status().writable).toBe(true));
  await vi.waitFor(async () => expect((await readAll(directory)).records).toHaveLength(7));
  const { records } = await readAll(directory);
  // The disk did take them in the end: there they are closed as calls that did not run.
  for (const { call } of refused) {
    expect(records.filter((record) => record.call === call)).toMatchObject([
      { type: 'mcp.decision' },
      { type: 'mcp.outcome', outcome: { status: 'aborted' }, detail: { reason: 'not_acknowledged' } },
    ]);
  }
  expect(records.filter((record) => record.call === running.call)).toMatchObject([{}, { outcome: { status: 'ok' } }]);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, allows: 3, allowsWithOutcome: 3 });
});

test('in mode available calls go on after ten seconds, and what the disk takes in the end is no gap', async () => {
  const { audit, directory, disk, hold, release } = await open('available');
  hold();
  const call = allow();
  const waiting = audit.append(call);
  await begun(disk, disk.writes + 1);
  vi.advanceTimersByTime(10_100);
  await waiting;
  await audit.append(deny());
  expect(audit.status().gap).toBe(1);
  release();
  await vi.waitFor(() => expect(audit.status()).toEqual({ writable: true, gap: 0 }));
  await audit.append(outcome(call.call));
  expect(await checkCompleteness(directory)).toMatchObject({ lost: 1, allows: 1, allowsWithOutcome: 1 });
});

// @verifies G-23
test('a clock that jumps two hours either way leaves order, ids and durations alone', async () => {
  const directory = await temporaryDirectory();
  let shift = 0;
  const clock = { now: () => Date.now() + shift, monotonicNs: () => process.hrtime.bigint() };
  const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32), clock });
  onTestFinished(() => audit.close());
  for (const hours of [0, 2, 0, -2, 2]) {
    shift = hours * 3_600_000;
    const call = allow();
    await audit.append(call);
    await audit.append(outcome(call.call));
  }
  await audit.close();
  const { records } = await readAll(directory);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, clockBackwards: 0, allows: 5 });
  const ids = records.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  for (const { at } of records) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
