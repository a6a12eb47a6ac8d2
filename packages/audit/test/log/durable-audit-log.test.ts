import { readdir } from 'node:fs/promises';
import {
  noopObserver,
  type AuditEntry,
  type AuditLog,
  type AuditRecord,
  type Observer,
  type ObserverEvent,
} from '@sallyport/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkCompleteness, openAuditLog, type OpenAuditLogOptions } from '../../src/index.ts';
import { openAuditLogWith } from '../../src/log/open-audit-log.ts';
import { allow, anonymous, deny, outcome } from '../support/entries.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { fast, unseen, writeLock } from '../support/foreign-lock.ts';
import { readAll, typesOf } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Opened {
  readonly audit: AuditLog;
  readonly disk: FaultyDisk;
  readonly directory: string;
}

async function open(options: Partial<OpenAuditLogOptions> = {}): Promise<Opened> {
  const directory = await temporaryDirectory();
  const disk = new FaultyDisk();
  const audit = await openAuditLog({
    directory,
    stream: 'pod-a',
    hashKey: new Uint8Array(32),
    fileSystem: disk,
    ...options,
  });
  onTestFinished(async () => {
    disk.repair();
    await audit.close();
  });
  return { audit, disk, directory };
}

/** Waits until the log has found out by itself that the disk is back. */
async function recovered(audit: AuditLog): Promise<void> {
  await vi.waitFor(() => expect(audit.status()).toEqual({ writable: true, gap: 0 }), 10_000);
}

function events(): { observer: Observer; seen: ObserverEvent[] } {
  const seen: ObserverEvent[] = [];
  return { observer: { ...noopObserver, emit: (event) => void seen.push(event) }, seen };
}

function only(records: readonly AuditRecord[], type: string): AuditRecord[] {
  return records.filter((record) => record.type === type);
}

const unavailable = { reason: 'audit_unavailable', code: 'ERR_AUDIT_UNAVAILABLE', status: 503 };

test('ten thousand records appended in one tick are stored, in order, with a few syncs', async () => {
  const { audit, disk, directory } = await open();
  const entries = Array.from({ length: 10_000 }, () => deny());
  await Promise.all(entries.map((entry) => audit.append(entry)));
  const { records } = await readAll(directory);
  expect(only(records, 'mcp.decision').map(({ call }) => call)).toEqual(entries.map(({ call }) => call));
  expect(disk.syncs).toBeLessThan(50);
});

test('whoever appends during a write shares the next one', async () => {
  const { audit, disk } = await open();
  const before = disk.syncs;
  let release = (): void => undefined;
  disk.held = new Promise((resolve) => {
    release = resolve;
  });
  const first = audit.append(deny());
  await vi.waitFor(() => expect(disk.writes).toBe(2));
  const others = Array.from({ length: 50 }, () => audit.append(deny()));
  release();
  await Promise.all([first, ...others]);
  expect(disk.syncs - before).toBe(2);
});

test('a disk that takes a few bytes at a time gets all of them', async () => {
  const { audit, disk, directory } = await open();
  disk.shortWrite = 7;
  await Promise.all(Array.from({ length: 20 }, () => audit.append(deny())));
  expect((await readAll(directory)).records).toHaveLength(21);
});

test('a disk that takes nothing is a disk that fails', async () => {
  const { audit, disk } = await open();
  disk.shortWrite = 0;
  await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
  disk.shortWrite = Number.POSITIVE_INFINITY;
  await recovered(audit);
});

test.each([0, 1, 200])(
  'after a failed write that left %i bytes, a new segment takes over and nobody notices',
  async (tornBytes) => {
    const { audit, disk, directory } = await open();
    const [first, second] = [allow(), allow()];
    await audit.append(first);
    disk.tornBytes = tornBytes;
    disk.writeError = 'EIO';
    const appended = Promise.all([audit.append(outcome(first.call)), audit.append(second)]);
    // Only the open segment is broken.
    const { create } = disk;
    disk.create = (path) => {
      disk.repair();
      return create.call(disk, path);
    };
    await appended;
    await audit.append(outcome(second.call));
    await audit.close();
    const { records } = await readAll(directory);
    const abandoned = (await readdir(directory)).find((name) => name.endsWith('.jsonl'));
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index));
    expect(only(records, 'audit.rotated')).toMatchObject([
      { detail: { reason: 'write_failed', error: 'EIO', abandoned: [abandoned] } },
    ]);
    expect(await checkCompleteness(directory)).toMatchObject({
      complete: true,
      allows: 2,
      allowsWithOutcome: 2,
      torn: tornBytes === 0 ? 0 : 1,
    });
  },
);

test('after a failed sync the file is not trusted: what it holds is written again elsewhere, under the same numbers', async () => {
  const { audit, disk, directory } = await open();
  const call = allow();
  disk.syncError = 'EIO';
  const { create } = disk;
  disk.create = (path) => {
    disk.repair();
    return create.call(disk, path);
  };
  await audit.append(call);
  await audit.append(outcome(call.call));
  await audit.close();
  expect((await readdir(directory)).filter((name) => name.endsWith('.jsonl'))).toEqual([
    'audit-pod-a-00000000000000000000.jsonl',
    'audit-pod-a-00000000000000000001.jsonl',
  ]);
  const { records, findings } = await readAll(directory);
  expect(only(records, 'mcp.decision')).toHaveLength(1);
  expect(findings).toMatchObject([{ code: 'superseded', line: 2 }]);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, superseded: 1 });
});

test('in mode strict an outage refuses what is appended, and ends by itself when the disk is back', async () => {
  const { audit, disk, directory } = await open();
  disk.fail('ENOSPC');
  await expect(audit.append(allow())).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 5 });
  await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
  expect(audit.status()).toEqual({ writable: false, problem: 'the audit log can not be written (ENOSPC)', gap: 0 });
  disk.repair();
  await recovered(audit);
  const call = allow();
  await audit.append(call);
  await audit.append(outcome(call.call));
  await audit.close();
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: true, allows: 1, lost: 0 });
});

test('everybody who waits when an outage begins is refused', async () => {
  const { audit, disk } = await open();
  disk.fail('EIO');
  const appended = await Promise.allSettled(Array.from({ length: 3000 }, () => audit.append(allow())));
  expect(appended.every(({ status }) => status === 'rejected')).toBe(true);
});

test('refusals lost in mode strict are counted; nobody needs to wait for them', async () => {
  const { audit, disk, directory } = await open();
  disk.fail('EIO');
  void audit.append(deny());
  void audit.append(deny());
  void audit.append(allow());
  await vi.waitFor(() => expect(audit.status().gap).toBe(2));
  disk.repair();
  await recovered(audit);
  expect(only((await readAll(directory)).records, 'audit.gap')).toMatchObject([
    { detail: { count: 2, types: { 'mcp.decision': 2 } } },
  ]);
});

test('the outcome of a recorded call is refused during an outage and written when it is over', async () => {
  const { audit, disk, directory } = await open();
  const call = allow();
  await audit.append(call);
  disk.fail('EIO');
  await expect(audit.append(outcome(call.call))).rejects.toMatchObject(unavailable);
  disk.repair();
  await recovered(audit);
  const [late] = only((await readAll(directory)).records, 'mcp.outcome');
  expect(late).toMatchObject({ call: call.call, outcome: { status: 'ok', durationMs: 3 }, detail: { late: true } });
  // The answer was withheld, so its status and size are no facts.
  expect(late?.outcome).not.toHaveProperty('httpStatus');
  await audit.close();
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, allowsWithOutcome: 1 });
});

test('in mode available calls go on during an outage, and the gap is recorded with its exact count', async () => {
  const { observer, seen } = events();
  const { audit, disk, directory } = await open({ mode: 'available', observer });
  const before = allow();
  await audit.append(before);
  disk.fail('EIO');
  for (let index = 0; index < 5; index++) {
    const call = allow();
    await audit.append(call);
    await audit.append(outcome(call.call));
  }
  await audit.append(outcome(before.call));
  expect(audit.status()).toMatchObject({ writable: false, gap: 10 });
  disk.repair();
  await recovered(audit);
  await audit.close();
  const { records } = await readAll(directory);
  const [gap] = only(records, 'audit.gap');
  expect(gap).toMatchObject({
    detail: {
      count: 10,
      types: { 'mcp.decision': 5, 'mcp.outcome': 5 },
      firstAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lastAt: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  });
  expect(seen.reduce((sum, event) => sum + (event.type === 'audit.gap' ? event.count : 0), 0)).toBe(10);
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: false, lost: 10, allows: 1, allowsWithOutcome: 1 });
  expect(report.findings).toMatchObject([{ code: 'lost' }]);
});

test('a call may ask for another mode than the log', async () => {
  const { audit, disk } = await open({ mode: 'available' });
  disk.fail('EIO');
  await expect(audit.append(allow(), { mode: 'strict' })).rejects.toMatchObject(unavailable);
  await expect(audit.append(allow(), { mode: 'at-least-one' })).rejects.toMatchObject(unavailable);
  await audit.append(allow());
  expect(audit.status().gap).toBe(1);
});

test('a gap survives further outages until a record about it is durable', async () => {
  const { audit, disk, directory } = await open({ mode: 'available' });
  disk.fail('EIO');
  await audit.append(deny());
  // Segments can be made again, and fail at the first sync: the record about the gap is lost, too.
  disk.createError = undefined;
  disk.writeError = undefined;
  await vi.waitFor(() => expect(disk.created.length).toBeGreaterThan(2), 10_000);
  await audit.append(deny());
  expect(audit.status().gap).toBe(2);
  disk.repair();
  await recovered(audit);
  const gaps = only((await readAll(directory)).records, 'audit.gap');
  expect(gaps).toMatchObject([{ detail: { count: 2 } }]);
});

test('segments that failed one after the other are all explained', async () => {
  const { audit, disk, directory } = await open();
  for (const code of ['EIO', 'ENOSPC', 'EDQUOT']) {
    disk.tornBytes = 10;
    disk.fail(code);
    await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
    disk.repair();
    await recovered(audit);
  }
  await audit.close();
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, torn: 3 });
});

test('when more waits than memory may hold, appends are refused, but the end of a call always finds room', async () => {
  const { audit, disk, directory } = await open();
  const call = allow();
  await audit.append(call);
  let release = (): void => undefined;
  disk.held = new Promise((resolve) => {
    release = resolve;
  });
  const waiting = Array.from({ length: 65_536 }, () => audit.append({ type: 'config.loaded' }));
  await expect(audit.append(allow())).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 1 });
  expect(audit.status()).toMatchObject({
    writable: false,
    problem: 'more records wait for the disk than memory may hold',
  });
  await audit.append(deny(), { mode: 'available' });
  const ended = audit.append(outcome(call.call));
  release();
  await Promise.all([...waiting, ended]);
  await recovered(audit);
  await audit.close();
  expect(await checkCompleteness(directory)).toMatchObject({ allows: 1, allowsWithOutcome: 1, lost: 1, missing: 0 });
});

test('while the disk does not answer nobody new waits for it', async () => {
  const { audit, disk, directory } = await open();
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const running = allow();
  await audit.append(running);
  let release = (): void => undefined;
  disk.held = new Promise((resolve) => {
    release = resolve;
  });
  const call = allow();
  const waiting = audit.append(call);
  await vi.waitFor(() => expect(disk.writes).toBe(3));
  expect(audit.status().writable).toBe(true);
  vi.advanceTimersByTime(10_001);
  expect(audit.status()).toMatchObject({ writable: false, problem: 'the disk of the audit log does not answer' });
  await expect(audit.append(allow())).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 5 });
  await expect(audit.append(outcome(running.call))).rejects.toMatchObject(unavailable);
  await audit.append(deny(), { mode: 'available' });
  release();
  await waiting;
  await recovered(audit);
  await audit.append(outcome(call.call));
  await audit.close();
  expect(await checkCompleteness(directory)).toMatchObject({ allows: 2, allowsWithOutcome: 2, lost: 1 });
});

test('an observer that throws disturbs nothing', async () => {
  const emit = (): never => {
    throw new Error('broken');
  };
  const { audit, disk } = await open({ observer: { ...noopObserver, emit } });
  disk.fail('EIO');
  await expect(audit.append(deny())).rejects.toMatchObject(unavailable);
  disk.repair();
  await recovered(audit);
});

test('under pressure anonymous refusals are counted instead of queued', async () => {
  const { audit, disk, directory } = await open();
  let release = (): void => undefined;
  disk.held = new Promise((resolve) => {
    release = resolve;
  });
  const waiting = Array.from({ length: 32_768 }, () => audit.append({ type: 'config.loaded' }));
  const refused = Array.from({ length: 9 }, () => audit.append(anonymous()));
  release();
  await Promise.all(waiting);
  await audit.close();
  await Promise.all(refused);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: true, refusals: 0, aggregated: 9 });
});

test('a flood of anonymous refusals is stored exactly: a hundred one by one, the rest as counts', async () => {
  const clock = { now: () => 1_790_000_000_000, monotonicNs: () => 5n };
  const { audit, directory } = await open({ clock });
  const appended = Array.from({ length: 100_000 }, (_, index) => audit.append(anonymous(`192.0.2.${index % 256}`)));
  await audit.close();
  await Promise.all(appended);
  const report = await checkCompleteness(directory);
  expect(report).toMatchObject({ complete: true, lost: 0 });
  expect(report.refusals).toBeGreaterThanOrEqual(100);
  expect(report.refusals + report.aggregated).toBe(100_000);
  expect(report.records).toBeLessThan(1000);
});

test('a count that can not be written is lost as what it stands for', async () => {
  const { audit, disk } = await open({ mode: 'available', clock: { now: () => 0, monotonicNs: () => 5n } });
  for (let index = 0; index < 250; index++) void audit.append(anonymous());
  disk.fail('EIO');
  await vi.waitFor(() => expect(audit.status().gap).toBe(250), 10_000);
});

test('refusals of somebody known are recorded one by one, however many they are', async () => {
  const { audit, directory } = await open();
  await Promise.all(
    Array.from({ length: 500 }, () =>
      audit.append({ ...anonymous(), ...{ principal: deny().principal } } as AuditEntry),
    ),
  );
  expect(only((await readAll(directory)).records, 'auth.failure')).toHaveLength(500);
});

test('an entry that can not become a record is refused, not thrown', async () => {
  const { audit } = await open();
  const poisoned: AuditEntry = {
    type: 'mcp.decision',
    get decision(): never {
      throw new Error('poisoned');
    },
  };
  const call = { ...allow(), source: { ip: 5 as unknown as string } };
  await expect(audit.append(call)).rejects.toMatchObject(unavailable);
  await expect(audit.append({ ...anonymous(), source: call.source })).rejects.toMatchObject(unavailable);
  await expect(audit.append(poisoned)).rejects.toMatchObject(unavailable);
  await audit.append(allow());
  await audit.close();
  await expect(audit.append(poisoned)).rejects.toMatchObject(unavailable);
});

test('closing waits for everything appended and is done once', async () => {
  const { audit, directory } = await open();
  const appended = Array.from({ length: 3000 }, () => audit.append(deny()));
  const closed = audit.close();
  await Promise.all([closed, audit.close(), ...appended]);
  const { records } = await readAll(directory);
  expect(records).toHaveLength(3002);
  expect(records.at(-1)).toMatchObject({ type: 'audit.stopped', detail: { open: 0 } });
});

test('audit.stopped says how many calls were still open', async () => {
  const { audit, directory } = await open();
  await audit.append(allow());
  await audit.close();
  expect((await readAll(directory)).records.at(-1)).toMatchObject({ type: 'audit.stopped', detail: { open: 1 } });
});

test('a closed log refuses in mode strict and lets go in mode available', async () => {
  const { audit } = await open();
  await audit.close();
  await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
  await audit.append(deny(), { mode: 'available' });
  expect(audit.status()).toMatchObject({ writable: false, problem: 'the audit log is closed', gap: 1 });
});

test('closing during an outage ends, says what is missing, and gives the lock back', async () => {
  const error = vi.fn();
  const { audit, disk, directory } = await open({ mode: 'available', log: { info: vi.fn(), warn: vi.fn(), error } });
  disk.fail('EIO');
  await audit.append(deny());
  await audit.close();
  expect(error).toHaveBeenLastCalledWith(
    { event: 'sallyport.audit.copy_incomplete', stream: 'pod-a', copy: 'log', lost: 1 },
    'a copy of the audit log was closed without its last records',
  );
  expect(await readdir(directory)).not.toContain('audit-pod-a.lock');
});

test('closing uses the last chance to write down a gap', async () => {
  const { audit, disk, directory } = await open({ mode: 'available' });
  disk.fail('EIO');
  await audit.append(deny());
  disk.repair();
  await audit.close();
  const { records } = await readAll(directory);
  expect(typesOf(records)).toEqual(['audit.started', 'audit.rotated', 'audit.gap', 'audit.stopped']);
});

test('a log that lost its lock writes nothing any more', async () => {
  const directory = await temporaryDirectory();
  const audit = await openAuditLogWith({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) }, fast);
  onTestFinished(() => audit.close());
  await writeLock(directory, 'pod-a', unseen);
  await vi.waitFor(() => expect(audit.status().problem).toContain('another process has taken over the stream'));
  await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
  await audit.close();
  expect(typesOf((await readAll(directory)).records)).toEqual(['audit.started']);
});
