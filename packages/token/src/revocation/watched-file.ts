import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import {
  type Clock,
  createMemoryRevocationList,
  logEvent,
  type MemoryRevocationList,
  type OperationalLogger,
  Refusal,
  type RevocableToken,
  type Revocation,
  silentLogger,
  systemClock,
} from '@sallyport/core';
import { appendRevocation } from './append-revocation.ts';
import { readRevocations, versionOf, type ReadPosition } from './read-revocations.ts';
import type { OpenRevocationFileOptions, RevocationFile, RevocationFileStatus } from './revocation-file.ts';
import type { RevocationLine } from './revocation-line.ts';

/** How often the file is looked at, in milliseconds. */
const pollMs = 250;
/** What was read longer ago than this counts as not known: the file system does not answer, or this process stood still. */
const staleMs = 5_000;
/** A larger file is refused: it would be mostly lines that ended long ago. */
const defaultMaxFileBytes = 64 * 1024 * 1024;
/** The part of that from which on the log warns. */
const warnAt = 0.75;
/** Somebody may be writing the line just now: that alone is no problem, unless it stays so. */
const brokenOff = 'the last line has no line break';

/** The file with what was read of it. `refresh` is what the timer calls. */
export class WatchedFile implements RevocationFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: OperationalLogger;
  readonly #onRevoked: ((entry: Revocation, untilMs: number) => void) | undefined;
  readonly #list: MemoryRevocationList;
  readonly #maxFileBytes: number;
  /** Ids of the lines that were read and had not ended, and of our own before they are. */
  #ids = new Set<string>();
  #position: ReadPosition | undefined;
  #version: string | undefined;
  #incomplete = false;
  #warned = false;
  #problem: string | undefined;
  #readNs: bigint | undefined;
  #opened = false;
  #refreshing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OpenRevocationFileOptions) {
    const { path, clock = systemClock, log = silentLogger, maxEntries, maxFileBytes, onRevoked } = options;
    this.#path = path;
    this.#clock = clock;
    this.#log = log;
    this.#onRevoked = onRevoked;
    this.#maxFileBytes = maxFileBytes ?? defaultMaxFileBytes;
    this.#list = createMemoryRevocationList({ clock, ...(maxEntries !== undefined && { maxEntries }) });
  }

  start(): void {
    this.#timer = setInterval(() => void this.refresh(), pollMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async revoke(entry: Revocation, untilMs: number): Promise<void> {
    this.#list.revoke(entry, untilMs);
    const id = randomUUID();
    this.#ids.add(id);
    await appendRevocation(this.#path, { id, entry, untilMs }, this.#clock.now());
  }

  isRevoked(token: RevocableToken): boolean {
    const { problem } = this.status();
    if (problem !== undefined) {
      throw new Refusal('store_down', {
        retryAfterSeconds: 1,
        detail: { problem: 'the revocation file is not known' },
      });
    }
    return this.#list.isRevoked(token);
  }

  status(): RevocationFileStatus {
    if (this.#problem !== undefined) return { ok: false, problem: this.#problem };
    const age = this.#readNs === undefined ? staleMs : Number(this.#clock.monotonicNs() - this.#readNs) / 1_000_000;
    return age < staleMs ? { ok: true } : { ok: false, problem: 'was not read for some time' };
  }

  /** Reads what is new. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const startedNs = this.#clock.monotonicNs();
    try {
      await this.#read();
      this.#readNs = startedNs;
    } catch (error) {
      this.#version = undefined;
      this.#fail(`can not be read: ${messageOf(error)}`);
    } finally {
      this.#refreshing = false;
    }
  }

  async #read(): Promise<void> {
    const stat = await lstat(this.#path, { bigint: true });
    if (stat.isSymbolicLink()) throw new Error('it is a symbolic link');
    const version = versionOf(stat);
    if (version === this.#version) {
      if (this.#incomplete) this.#fail(brokenOff);
      return;
    }
    const from = this.#problem === undefined ? this.#position : undefined;
    const result = await readRevocations(this.#path, {
      from,
      nowMs: this.#clock.now(),
      maxFileBytes: this.#maxFileBytes,
    });
    const full = this.#take(result.found, result.whole);
    this.#position = result.position;
    // What is in a full list ends without a change of the file.
    this.#version = full === undefined ? result.version : undefined;
    this.#watchSize(result.size);
    this.#incomplete = result.incomplete;
    const problem = result.problem ?? full ?? (result.incomplete && !this.#opened ? brokenOff : undefined);
    if (problem === undefined) this.#recover();
    else this.#fail(problem);
    this.#opened = true;
  }

  /** Gives the problem when there is no room. `whole`: these are all lines of the file. */
  #take(found: readonly RevocationLine[], whole: boolean): string | undefined {
    const before = this.#ids;
    const ids = whole ? new Set<string>() : before;
    for (const { id, entry, untilMs } of found) {
      try {
        this.#list.revoke(entry, untilMs);
      } catch (error) {
        this.#ids = new Set([...before, ...ids]);
        return messageOf(error);
      }
      const isNew = !before.has(id);
      ids.add(id);
      if (isNew && this.#opened && untilMs > this.#clock.now()) this.#onRevoked?.(entry, untilMs);
    }
    this.#ids = ids;
    return undefined;
  }

  #watchSize(size: number): void {
    const large = size >= warnAt * this.#maxFileBytes;
    if (large && !this.#warned) {
      const fields = { file: this.#path, size, maxFileBytes: this.#maxFileBytes };
      logEvent(this.#log, 'sallyport.revocation.file_large', fields);
    }
    this.#warned = large;
  }

  #fail(problem: string): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    if (this.#opened) logEvent(this.#log, 'sallyport.revocation.file_unknown', { file: this.#path, problem });
  }

  #recover(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    logEvent(this.#log, 'sallyport.revocation.file_recovered', { file: this.#path });
  }
}

/** A code of the file system such as `ENOENT`, or a message of ours. */
export function messageOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message);
}
