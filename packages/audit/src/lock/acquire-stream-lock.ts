import { readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createLockFile,
  guardPath,
  newHolder,
  readLockFile,
  type LockHolder,
  type LockPurpose,
  type SeenLock,
} from './lock-file.ts';
import { processState } from './process-identity.ts';
import { StreamLock } from './stream-lock.ts';

export interface AcquireStreamLockOptions {
  readonly directory: string;
  readonly stream: string;
  /** The lock file. Default `audit-<stream>.lock` in the directory. */
  readonly path?: string;
  readonly purpose: LockPurpose;
  /**
   * Whether to wait until it is known that the holder lives or that its heartbeat has stopped, at most `staleMs`. Otherwise a
   * holder that can not be proved dead at once counts as alive.
   */
  readonly wait: boolean;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Called once when there is something to wait for. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
  readonly timing: LockTiming;
}

export interface LockTiming {
  /** Milliseconds between heartbeats. */
  readonly heartbeatMs: number;
  /** Milliseconds without a heartbeat after which a holder that can not be seen counts as dead. */
  readonly staleMs: number;
}

export type LockAttempt =
  | { readonly lock: StreamLock }
  | {
      readonly lock: undefined;
      readonly holder: LockHolder | undefined;
      /** False when the holder was neither seen alive nor proved dead. */
      readonly certain: boolean;
    };

export const defaultLockTiming: LockTiming = { heartbeatMs: 5000, staleMs: 30_000 };

/**
 * Takes the lock of a stream: `audit-<stream>.lock`, made with O_EXCL. A lock is stale when its process is proved dead in the same
 * PID namespace; when the process can not be seen from here, after a lapse of its heartbeat.
 */
export async function acquireStreamLock(options: AcquireStreamLockOptions): Promise<LockAttempt> {
  const { directory, stream, timing } = options;
  const path = options.path ?? join(directory, `audit-${stream}.lock`);
  const holder = newHolder(options.purpose);
  for (;;) {
    const handle = await createLockFile(path, holder);
    if (handle !== undefined) return taken(path, holder, handle, timing);
    const seen = await readLockFile(path);
    if (seen === undefined) continue;
    const state = await stateOf(path, seen, options, timing);
    if (state === 'moved') continue;
    if (state !== 'stale') return { lock: undefined, holder: seen.holder, certain: state === 'alive' };
    const taking = await takeOver(path, seen, holder, timing);
    if (taking !== undefined) return taken(path, holder, taking, timing);
    // Another process is taking it over. It has proved the same, so it will have the lock in a moment.
    await sleep(20);
  }
}

async function taken(path: string, holder: LockHolder, handle: FileHandle, timing: LockTiming): Promise<LockAttempt> {
  await removeRemains(path);
  return { lock: new StreamLock(path, holder, handle, timing) };
}

/** `moved`: another generation now, look again. */
type LockState = 'alive' | 'stale' | 'uncertain' | 'moved';

async function stateOf(
  path: string,
  seen: SeenLock,
  options: AcquireStreamLockOptions,
  timing: LockTiming,
): Promise<LockState> {
  const state = seen.holder === undefined ? 'unknown' : processState(seen.holder);
  if (state === 'dead') return 'stale';
  if (state === 'alive' && (seen.holder?.purpose !== 'recover' || !options.wait)) return 'alive';
  if (!options.wait) return 'uncertain';
  options.onWait?.(seen.holder);
  return watch(path, seen, options.signal, timing);
}

/**
 * Watches the heartbeat by this process's own monotonic time: clocks of two hosts need not agree. A heartbeat that looks lapsed
 * already is watched for two beats more, so that a clock that jumped does not kill a living log. A recovery is waited for.
 */
async function watch(
  path: string,
  first: SeenLock,
  signal: AbortSignal | undefined,
  timing: LockTiming,
): Promise<LockState> {
  const { heartbeatMs, staleMs } = timing;
  const lapsedMs = Math.max(0, Date.now() - first.mtimeMs);
  const patience = performance.now() + 2 * staleMs;
  let lapse = performance.now() + Math.max(2 * heartbeatMs, staleMs - lapsedMs);
  let { mtimeMs } = first;
  while (performance.now() < lapse) {
    if (performance.now() > patience) return 'alive';
    try {
      await sleep(Math.min(heartbeatMs / 10, 200), undefined, signal === undefined ? {} : { signal });
    } catch {
      return 'uncertain';
    }
    const seen = await readLockFile(path);
    if (seen?.generation !== first.generation) return 'moved';
    const state = seen.holder === undefined ? 'unknown' : processState(seen.holder);
    if (state === 'dead') return 'stale';
    if (state === 'alive' || seen.mtimeMs !== mtimeMs) {
      if (seen.holder?.purpose !== 'recover') return 'alive';
      lapse = performance.now() + Math.max(2 * heartbeatMs, staleMs);
    }
    mtimeMs = seen.mtimeMs;
  }
  return 'stale';
}

/**
 * Replaces a stale lock; `undefined` when another process is doing it. Whoever makes the guard file of this generation is the only
 * one to replace it: every guard is made with O_EXCL, and the generation is read again behind it. A guard whose maker died
 * is passed by making the next one.
 */
async function takeOver(
  path: string,
  stale: SeenLock,
  holder: LockHolder,
  timing: LockTiming,
): Promise<FileHandle | undefined> {
  for (let level = 0; ; level++) {
    const guard = guardPath(path, stale.generation, level);
    const made = await createLockFile(guard, holder);
    if (made === undefined) {
      const other = await readLockFile(guard);
      if (other === undefined || !isAbandoned(other, timing)) return undefined;
      continue;
    }
    await made.close();
    const now = await readLockFile(path);
    if (now?.generation !== stale.generation) {
      await rm(guard, { force: true });
      return undefined;
    }
    const draft = `${path}.new-${holder.token}`;
    const handle = await createLockFile(draft, holder);
    await rename(draft, path);
    return handle;
  }
}

function isAbandoned(guard: SeenLock, timing: LockTiming): boolean {
  const state = guard.holder === undefined ? 'unknown' : processState(guard.holder);
  return state === 'dead' || (state === 'unknown' && Date.now() - guard.mtimeMs > timing.staleMs);
}

const remainsPattern = /^(?:new-[0-9a-f-]{36}|[0-9a-f-]{32,36}-[0-9]+)$/;

/** Removes guards and drafts of earlier generations; nobody who still holds one will find that generation again. */
async function removeRemains(path: string): Promise<void> {
  const directory = dirname(path);
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(directory)) {
    // The lock of a stream called `a.lock.b` begins like this too.
    if (name.startsWith(prefix) && remainsPattern.test(name.slice(prefix.length))) {
      await rm(join(directory, name), { force: true });
    }
  }
}
