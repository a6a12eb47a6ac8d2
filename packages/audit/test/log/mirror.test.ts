import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noopObserver, type AuditEntry, type AuditRecord, type ObserverEvent } from '@sallyport/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  checkCompleteness,
  openAuditLog,
  verifyAuditLog,
  type OpenAuditLogOptions,
  type SegmentedAuditLog,
} from '../../src/index.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Mirrored {
  readonly audit: SegmentedAuditLog;
  readonly disks: { readonly log: FaultyDisk; readonly mirror: FaultyDisk };
  readonly directory: string;
  readonly mirror: string;
  readonly events: ObserverEvent[];
}

async function open(options: Partial<OpenAuditLogOptions> = {}): Promise<Mirrored> {
  const [directory, mirror] = [await temporaryDirectory(), await temporaryDirectory()];
  const disks = { log: new FaultyDisk(), mirror: new FaultyDisk() };
  const events: ObserverEvent[] = [];
  const audit = await openAuditLog({
    ...{ directory, mirror, stream: 'pod-a', hashKey: new Uint8Array(32), mode: 'at-least-one' },
    fileSystem: disks.log,
    mirrorFileSystem: disks.mirror,
    observer: { ...noopObserver, emit: (event) => void events.push(event) },
    ...options,
  });
  onTestFinished(async () => {
    disks.log.repair();
    disks.mirror.repair();
    await audit.close();
  });
  return { audit, disks, directory, mirror, events };
}

async function call(audit: SegmentedAuditLog): Promise<string> {
  const entry = allow();
  await audit.append(entry);
  await audit.append(outcome(entry.call));
  return entry.call;
}

async function back(audit: SegmentedAuditLog): Promise<void> {
  await vi.waitFor(() => expect(audit.status()).toEqual({ writable: true, gap: 0 }), 10_000);
}

function idsOf(records: readonly AuditRecord[]): string[] {
  return records.filter(({ type }) => type.startsWith('mcp.')).map(({ id }) => id);
}

const unavailable = { reason: 'audit_unavailable', status: 503 };

test('both copies hold the same records, each with a sequence of its own', async () => {
  const { audit, directory, mirror } = await open();
  for (let index = 0; index < 5; index++) await call(audit);
  await audit.append(deny());
  await audit.close();
  const [log, copy] = [await readAll(directory), await readAll(mirror)];
  expect(idsOf(log.records)).toHaveLength(11);
  expect(idsOf(copy.records)).toEqual(idsOf(log.records));
  for (const at of [directory, mirror]) {
    expect(await checkCompleteness(at)).toMatchObject({ complete: true, allows: 5 });
    expect(await verifyAuditLog(at)).toMatchObject({ content: 'PASS', completeness: 'PASS', missing: 0 });
  }
});

test('a record is acknowledged when it is durable in one of them, however long the other takes', async () => {
  const { audit, disks } = await open();
  let release = (): void => undefined;
  disks.log.held = new Promise((resolve) => {
    release = resolve;
  });
  await call(audit);
  release();
  disks.log.held = undefined;
});

// @verifies G-19
test.each(['log', 'mirror'] as const)(
  'in mode at-least-one calls go on without the %s, and it says what it lacks when it is back',
  async (broken) => {
    const { audit, disks, directory, mirror, events } = await open();
    const whole = broken === 'log' ? mirror : directory;
    const lacking = broken === 'log' ? directory : mirror;
    const running = allow();
    await audit.append(running);
    disks[broken].fail('ENOSPC');
    for (let index = 0; index < 3; index++) await call(audit);
    await audit.append(deny());
    await audit.append(outcome(running.call));
    const called = broken === 'log' ? 'the audit log' : 'the audit mirror';
    expect(audit.status()).toMatchObject({ writable: true, problem: `${called} can not be written (ENOSPC)` });
    disks[broken].repair();
    await back(audit);
    await call(audit);
    await audit.close();
    expect(await checkCompleteness(whole)).toMatchObject({ complete: true, lost: 0, allows: 5, allowsWithOutcome: 5 });
    const report = await checkCompleteness(lacking);
    expect(report).toMatchObject({ complete: false, lost: 7, allows: 2, allowsWithOutcome: 2, missing: 0 });
    expect(report.findings).toMatchObject([
      { code: 'lost', problem: expect.stringContaining('7 of them are in the other copy') },
    ]);
    const { records } = await readAll(lacking);
    expect(records.find(({ type }) => type === 'audit.gap')).toMatchObject({ detail: { count: 7, elsewhere: 7 } });
    const copies = events.filter((event) => event.type === 'audit.copy');
    expect(copies).toEqual([
      { type: 'audit.copy', copy: 'log', ok: true },
      { type: 'audit.copy', copy: 'mirror', ok: true },
      { type: 'audit.copy', copy: broken, ok: false },
      { type: 'audit.copy', copy: broken, ok: true },
    ]);
    // Nothing was lost: somebody has it.
    expect(events.filter((event) => event.type === 'audit.gap')).toEqual([]);
  },
);

test('in mode at-least-one a call is refused when neither copy can be written', async () => {
  const { audit, disks, events } = await open();
  disks.log.fail('ENOSPC');
  disks.mirror.fail('EIO');
  await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
  await expect(audit.append(deny())).rejects.toMatchObject(unavailable);
  expect(audit.status()).toMatchObject({ writable: false, problem: 'the audit log can not be written (ENOSPC)' });
  expect(events.filter((event) => event.type === 'audit.gap')).toEqual([{ type: 'audit.gap', count: 1 }]);
});

test('in mode available a call goes on when neither can be written, and both count it', async () => {
  const { audit, disks, directory, mirror } = await open({ mode: 'available' });
  disks.log.fail('ENOSPC');
  disks.mirror.fail('ENOSPC');
  await call(audit);
  disks.log.repair();
  disks.mirror.repair();
  await back(audit);
  await audit.close();
  for (const at of [directory, mirror]) expect(await checkCompleteness(at)).toMatchObject({ lost: 2 });
});

test.each(['log', 'mirror'] as const)(
  'in mode strict a call needs both copies: without the %s it does not run, and other records go on',
  async (broken) => {
    const { audit, disks, directory, mirror } = await open({ mode: 'strict' });
    const running = allow();
    await audit.append(running);
    disks[broken].fail('EIO');
    await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
    expect(audit.status().writable).toBe(false);
    await expect(audit.append(allow())).rejects.toMatchObject(unavailable);
    await audit.append(outcome(running.call));
    await audit.append(deny());
    disks[broken].repair();
    await back(audit);
    await call(audit);
    await audit.close();
    // The first refused call stood in one copy already: there it is closed as one that did not run.
    const whole = broken === 'log' ? mirror : directory;
    const { records } = await readAll(whole);
    expect(records.filter(({ outcome: end }) => end?.status === 'aborted')).toMatchObject([
      { type: 'mcp.outcome', detail: { reason: 'not_acknowledged' } },
    ]);
    expect(await checkCompleteness(whole)).toMatchObject({ complete: true, allows: 3, allowsWithOutcome: 3 });
  },
);

test('a tool may ask for both copies where the log is content with one, and for one where it is not', async () => {
  const relaxed = await open({ mode: 'at-least-one' });
  relaxed.disks.mirror.fail('EIO');
  await expect(relaxed.audit.append(allow(), { mode: 'strict' })).rejects.toMatchObject(unavailable);
  await relaxed.audit.append(allow(), { mode: 'at-least-one' });
  const strict = await open({ mode: 'strict' });
  strict.disks.log.fail('EIO');
  await expect(strict.audit.append(allow())).rejects.toMatchObject(unavailable);
  await strict.audit.append(allow(), { mode: 'at-least-one' });
});

test.each(['log', 'mirror'] as const)(
  'in mode at-least-one a start needs one copy: the %s is opened when it is there',
  async (missing) => {
    const [directory, mirror] = [await temporaryDirectory(), await temporaryDirectory()];
    const place = missing === 'log' ? directory : mirror;
    await rm(place, { recursive: true });
    await writeFile(place, 'not mounted');
    const audit = await openAuditLog({ directory, mirror, stream: 'pod-a', mode: 'at-least-one' });
    onTestFinished(() => audit.close());
    expect(audit.status()).toMatchObject({ writable: true, problem: expect.stringContaining('can not be written') });
    const early = await call(audit);
    await rm(place);
    await mkdir(place);
    await back(audit);
    const late = await call(audit);
    await audit.close();
    const { records } = await readAll(place);
    expect(records.map(({ type }) => type).slice(0, 3)).toEqual(['audit.started', 'audit.rotated', 'audit.gap']);
    const calls = new Set(records.map((record) => record.call));
    expect([calls.has(early), calls.has(late)]).toEqual([false, true]);
    expect(await checkCompleteness(place)).toMatchObject({ lost: 2, allows: 1 });
    // Whichever copy is there at the next start has the hash key.
    for (const at of [directory, mirror]) expect(await readdir(at)).toContain('hash-pod-a.key');
  },
);

test.each(['strict', 'available'] as const)('in mode %s both copies must be there at the start', async (mode) => {
  const [directory, mirror] = [await temporaryDirectory(), join(await temporaryDirectory(), 'file')];
  await writeFile(mirror, '');
  const options = { directory, mirror, stream: 'pod-a', mode };
  await expect(openAuditLog(options)).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY', file: mirror });
  // The lock of the copy that did open was given back.
  await (await openAuditLog({ directory, stream: 'pod-a' })).close();
});

test('a log is not its own mirror', async () => {
  const directory = await temporaryDirectory();
  await expect(openAuditLog({ directory, mirror: `${directory}/`, stream: 'pod-a' })).rejects.toMatchObject({
    code: 'ERR_AUDIT_DIRECTORY',
    field: 'audit.mirror',
  });
});

test('each copy is closed after a crash as it was left', async () => {
  const [directory, mirror] = [await temporaryDirectory(), await temporaryDirectory()];
  const options = { directory, mirror, stream: 'pod-a', hashKey: new Uint8Array(32), mode: 'at-least-one' } as const;
  const disk = new FaultyDisk();
  const first = await openAuditLog({ ...options, mirrorFileSystem: disk });
  const entries: (AuditEntry & { readonly call: string })[] = [allow(), allow()];
  for (const entry of entries) await first.append(entry);
  disk.fail('EIO');
  await first.append(outcome(entries[0]?.call ?? ''));
  await first.close();
  await (await openAuditLog(options)).close();
  expect(await checkCompleteness(directory)).toMatchObject({
    complete: true,
    allows: 2,
    allowsWithOutcome: 2,
    aborted: 1,
  });
  expect(await checkCompleteness(mirror)).toMatchObject({ allows: 2, allowsWithOutcome: 2, aborted: 2, missing: 0 });
});
