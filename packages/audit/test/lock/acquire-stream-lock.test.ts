import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  acquireStreamLock,
  type AcquireStreamLockOptions,
  type LockAttempt,
} from '../../src/lock/acquire-stream-lock.ts';
import { guardPath } from '../../src/lock/lock-file.ts';
import { currentProcess } from '../../src/lock/process-identity.ts';
import { deadPid, fast, unseen, writeLock } from '../support/foreign-lock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const stream = 'pod-a';
/** For tests in which a heartbeat must be seen in time, however busy the machine is. */
const patient = { heartbeatMs: 2000, staleMs: 10_000 };

async function acquire(directory: string, options: Partial<AcquireStreamLockOptions> = {}): Promise<LockAttempt> {
  const attempt = await acquireStreamLock({
    directory,
    stream,
    purpose: 'write',
    wait: true,
    timing: fast,
    ...options,
  });
  onTestFinished(() => attempt.lock?.release());
  return attempt;
}

function lockPath(directory: string): string {
  return join(directory, `audit-${stream}.lock`);
}

test('a lock names its process and is gone after its release', async () => {
  const directory = await temporaryDirectory();
  const { lock } = await acquire(directory);
  expect(JSON.parse(await readFile(lockPath(directory), 'utf8'))).toMatchObject({
    v: 1,
    purpose: 'write',
    ...currentProcess(),
  });
  expect((await stat(lockPath(directory))).mode & 0o777).toBe(0o600);
  await lock?.release();
  expect(await readdir(directory)).toEqual([]);
});

test('a stream is locked once, also within a process', async () => {
  const directory = await temporaryDirectory();
  await acquire(directory);
  expect(await acquire(directory)).toMatchObject({ lock: undefined, certain: true, holder: { pid: process.pid } });
});

test('streams are locked apart', async () => {
  const directory = await temporaryDirectory();
  await acquire(directory);
  expect((await acquire(directory, { stream: 'pod-b' })).lock).toBeDefined();
  // Named like a remainder of the first one's lock.
  expect((await acquire(directory, { stream: 'pod-a.lock.x' })).lock).toBeDefined();
  expect((await readdir(directory)).sort()).toEqual([
    'audit-pod-a.lock',
    'audit-pod-a.lock.x.lock',
    'audit-pod-b.lock',
  ]);
});

test('the lock of a dead process is taken over, and nothing of it remains', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, { pid: await deadPid() });
  expect((await acquire(directory, { wait: false })).lock).toBeDefined();
  expect(await readdir(directory)).toEqual([`audit-${stream}.lock`]);
});

test('the lock of a process whose pid was given away again is taken over', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, { startTicks: '1' });
  expect((await acquire(directory, { wait: false })).lock).toBeDefined();
});

test('a process that can not be seen keeps its lock as long as nobody waits', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, unseen);
  expect(await acquire(directory, { wait: false })).toMatchObject({ lock: undefined, certain: false });
});

test('a process that can not be seen loses its lock when its heartbeat stops', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, unseen);
  const onWait = vi.fn();
  expect((await acquire(directory, { onWait })).lock).toBeDefined();
  expect(onWait).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ host: 'elsewhere' }));
});

test('a process that can not be seen keeps its lock while its heart beats', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, unseen);
  const beat = setInterval(() => void utimes(lockPath(directory), new Date(), new Date()), fast.heartbeatMs);
  onTestFinished(() => clearInterval(beat));
  expect(await acquire(directory, { timing: patient })).toMatchObject({ lock: undefined, certain: true });
});

test('a heart that beats by a clock an hour behind is alive', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, unseen);
  const touch = (): Promise<void> => utimes(lockPath(directory), new Date(), new Date(Date.now() - 3_600_000));
  await touch();
  const beat = setInterval(() => void touch(), fast.heartbeatMs);
  onTestFinished(() => clearInterval(beat));
  expect(await acquire(directory, { timing: patient })).toMatchObject({ lock: undefined, certain: true });
});

test('waiting ends when it is told to', async () => {
  const directory = await temporaryDirectory();
  await writeLock(directory, stream, unseen);
  expect(await acquire(directory, { signal: AbortSignal.abort() })).toMatchObject({ lock: undefined, certain: false });
});

test.each([
  '',
  'rubbish',
  '[]',
  '{"v":1,"pid":-1}',
  '{"pid":1,"token":"../../x","purpose":"write","pidNamespace":"x"}',
])('a lock file that names nobody (%j) lasts as long as its heartbeat', async (content) => {
  const directory = await temporaryDirectory();
  await writeFile(lockPath(directory), content);
  expect(await acquire(directory, { wait: false })).toMatchObject({ lock: undefined, certain: false });
  expect((await acquire(directory)).lock).toBeDefined();
});

test('a recovery is waited for, not run into', async () => {
  const directory = await temporaryDirectory();
  const recovery = await acquire(directory, { purpose: 'recover' });
  expect(await acquire(directory, { wait: false })).toMatchObject({ lock: undefined, certain: true });
  const waiting = acquire(directory, { onWait: () => setTimeout(() => void recovery.lock?.release(), 20) });
  expect((await waiting).lock).toBeDefined();
});

test('a take-over that died half-way does not keep others away', async () => {
  const directory = await temporaryDirectory();
  const pid = await deadPid();
  const token = await writeLock(directory, stream, { pid });
  const guard = JSON.stringify({ v: 1, token, purpose: 'write', host: 'here', ...currentProcess(), pid });
  await writeFile(guardPath(lockPath(directory), token, 0), guard);
  await writeFile(guardPath(lockPath(directory), token, 1), guard);
  expect((await acquire(directory, { wait: false })).lock).toBeDefined();
  expect(await readdir(directory)).toEqual([`audit-${stream}.lock`]);
});

test('of two that find the same stale lock at once, one takes it', async () => {
  for (let round = 0; round < 20; round++) {
    const directory = await temporaryDirectory();
    await writeLock(directory, stream, { pid: await deadPid() });
    const attempts = await Promise.all(Array.from({ length: 6 }, () => acquire(directory, { wait: false })));
    expect(attempts.filter(({ lock }) => lock !== undefined)).toHaveLength(1);
  }
});
