import { rm, type FileHandle } from 'node:fs/promises';
import { createLockFile, guardPath, readLockFile, type LockHolder } from './lock-file.ts';
import { fileAt, fileOf, isSameFile, type FileIdentity } from '../files/file-identity.ts';
import type { LockTiming } from './acquire-stream-lock.ts';

/** A lock that this process holds, with its heartbeat. */
export class StreamLock {
  readonly #path: string;
  readonly #holder: LockHolder;
  readonly #handle: FileHandle;
  readonly #file: FileIdentity;
  readonly #overdueMs: number;
  readonly #timer: NodeJS.Timeout;
  #lastBeat: number = performance.now();
  #beating: Promise<void> | undefined;
  #lost = false;
  #released = false;

  constructor(path: string, holder: LockHolder, handle: FileHandle, timing: LockTiming) {
    this.#path = path;
    this.#holder = holder;
    this.#handle = handle;
    this.#file = fileOf(handle.fd);
    this.#overdueMs = timing.staleMs / 2;
    this.#timer = setInterval(() => void this.#beat(), timing.heartbeatMs);
    this.#timer.unref();
  }

  /** True once another process has taken the lock, or its file is gone. There is no way back. */
  get lost(): boolean {
    return this.#lost;
  }

  /**
   * Rejects when the lock is lost; `undefined` when there is no doubt. A process that was held up for long, by a debugger or a
   * sleeping machine, looks at the file before it writes: others may have given it up for dead.
   */
  confirm(): Promise<void> | undefined {
    if (!this.#lost && performance.now() - this.#lastBeat < this.#overdueMs) return undefined;
    return this.#beat().then(() => {
      if (this.#lost) throw lostError();
    });
  }

  /**
   * Throws unless the lock file is the one this process made. Does not wait, so it is for moments in which the disk has just
   * answered: a disk that hangs would hold up the whole process.
   */
  requireHeld(): void {
    if (!isSameFile(this.#file, fileAt(this.#path))) this.#lost = true;
    if (this.#lost) throw lostError();
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#released) return;
    this.#released = true;
    await this.#beating;
    await this.#handle.close().catch(() => undefined);
    const guard = guardPath(this.#path, this.#holder.token, 0);
    const made = await createLockFile(guard, this.#holder).catch(() => undefined);
    // Without the guard somebody is replacing the lock at this moment; it is theirs then.
    if (made === undefined) return;
    await made.close();
    const seen = await readLockFile(this.#path).catch(() => undefined);
    if (seen?.generation === this.#holder.token) await rm(this.#path, { force: true });
    await rm(guard, { force: true });
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#touch().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  async #touch(): Promise<void> {
    try {
      const now = new Date();
      await this.#handle.utimes(now, now);
      const seen = await readLockFile(this.#path);
      if (seen?.generation === this.#holder.token) this.#lastBeat = performance.now();
      else this.#lost = true;
    } catch {
      // The disk does not answer; the heartbeat lapses, and the next write looks again.
    }
  }
}

function lostError(): Error {
  return new Error('another process has taken over the stream, or its lock file was removed');
}
