import { readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { acquireStreamLock, type LockTiming } from '../../src/lock/acquire-stream-lock.ts';
import type { StreamLock } from '../../src/lock/stream-lock.ts';
import { fast, unseen, writeLock } from '../support/foreign-lock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function held(timing: LockTiming = fast): Promise<{ lock: StreamLock; directory: string; path: string }> {
  const directory = await temporaryDirectory();
  const { lock } = await acquireStreamLock({ directory, stream: 'pod-a', purpose: 'write', wait: false, timing });
  if (lock === undefined) throw new Error('the lock is not free');
  onTestFinished(() => lock.release());
  return { lock, directory, path: join(directory, 'audit-pod-a.lock') };
}

test('the heart of a lock beats', async () => {
  const { path } = await held();
  await utimes(path, new Date(0), new Date(0));
  await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(0));
});

test('a lock that another process has taken is lost for good', async () => {
  const { lock, directory } = await held();
  await writeLock(directory, 'pod-a', unseen);
  await vi.waitFor(() => expect(lock.lost).toBe(true));
  await expect(lock.confirm()).rejects.toThrow('another process has taken over the stream');
});

test('a lock whose file is gone is lost', async () => {
  const { lock, path } = await held();
  await rm(path);
  await vi.waitFor(() => expect(lock.lost).toBe(true));
});

test('a process that was held up looks at its lock before it writes again', async () => {
  // The heart beats never here, and the lock counts as doubtful at once.
  const { lock, directory } = await held({ heartbeatMs: 3_600_000, staleMs: 0 });
  await expect(lock.confirm()).resolves.toBeUndefined();
  await writeLock(directory, 'pod-a', unseen);
  await expect(lock.confirm()).rejects.toThrow('another process has taken over the stream');
});

test('a fresh lock needs no look', async () => {
  const { lock } = await held({ heartbeatMs: 3_600_000, staleMs: 3_600_000 });
  expect(lock.confirm()).toBeUndefined();
});

test("releasing leaves another process's lock where it is", async () => {
  const { lock, directory, path } = await held();
  const token = await writeLock(directory, 'pod-a', unseen);
  await lock.release();
  expect(await readFile(path, 'utf8')).toContain(token);
});

test('releasing twice is releasing once', async () => {
  const { lock, directory } = await held();
  await lock.release();
  await writeLock(directory, 'pod-a', unseen);
  await lock.release();
  expect(await readFile(join(directory, 'audit-pod-a.lock'), 'utf8')).toContain('elsewhere');
});

test('a look at the lock file finds it replaced or gone before the heart beats again', async () => {
  const { lock, directory, path } = await held({ heartbeatMs: 3_600_000, staleMs: 3_600_000 });
  expect(() => lock.requireHeld()).not.toThrow();
  await rename(path, `${path}.moved`);
  await writeLock(directory, 'pod-a', unseen);
  expect(() => lock.requireHeld()).toThrow('another process has taken over the stream');
  expect(lock.lost).toBe(true);
  await expect(lock.confirm()).rejects.toThrow('another process has taken over the stream');
});
