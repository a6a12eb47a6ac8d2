import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import {
  createMemoryRevocationList,
  Refusal,
  systemClock,
  type Clock,
  type MemoryRevocationList,
  type RevocableToken,
  type Revocation,
} from '@sallyport/core';
import { silentLogger, type TokenLogger } from '../log.ts';
import { appendRevocation } from './append-revocation.ts';
import { readRevocations, versionOf, type ReadPosition } from './read-revocations.ts';
import type { OpenRevocationFileOptions, RevocationFile, RevocationFileStatus } from './revocation-file.ts';
import type { RevocationLine } from './revocation-line.ts';

/** How often the file is looked at, in milliseconds. */
const pollMs = 250;
/** What was read longer ago than this counts as not known: the file system does not answer, or this process stood still. */
const staleMs = 5_000;
/** Somebody may be writing the line just now: that alone is no problem, unless it stays so. */
const brokenOff = 'the last line has no line break';

/** The file with what was read of it. `refresh` is what the timer calls. */
export class WatchedFile implements RevocationFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: TokenLogger;
  readonly #onRevoked: ((entry: Revocation, untilMs: number) => void) | undefined;
  readonly #list: MemoryRevocationList;
  /** Ids of the lines that were read, and of our own before they are. */
  #ids = new Set<string>();
  #position: ReadPosition | undefined;
  #version: string | undefined;
  #incomplete = false;
  #problem: string | undefined;
  #readNs: bigint | undefined;
  #opened = false;
  #refreshing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OpenRevocationFileOptions) {
    const { path, clock = systemClock, log = silentLogger, maxEntries, onRevoked } = options;
    this.#path = path;
    this.#clock = clock;
    this.#log = log;
    this.#onRevoked = onRevoked;
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
    const version = versionOf(await stat(this.#path, { bigint: true }));
    if (version === this.#version) {
      if (this.#incomplete) this.#fail(brokenOff);
      return;
    }
    const from = this.#problem === undefined ? this.#position : undefined;
    const result = await readRevocations(this.#path, from);
    const whole = from === undefined || from.file !== result.position.file || from.offset > result.position.offset;
    const full = this.#take(result.found, whole);
    this.#position = result.position;
    this.#version = result.version;
    this.#incomplete = result.incomplete;
    const problem = result.problem ?? full ?? (result.incomplete && !this.#opened ? brokenOff : undefined);
    if (problem === undefined) this.#recover();
    else this.#fail(problem);
    this.#opened = true;
  }

  /** Gives the problem when there is no room. `whole`: these are all lines of the file. */
  #take(found: readonly RevocationLine[], whole: boolean): string | undefined {
    const before = this.#ids;
    if (whole) this.#ids = new Set();
    for (const { id, entry, untilMs } of found) {
      const isNew = !before.has(id);
      this.#ids.add(id);
      try {
        this.#list.revoke(entry, untilMs);
      } catch (error) {
        return messageOf(error);
      }
      if (isNew && this.#opened && untilMs > this.#clock.now()) this.#onRevoked?.(entry, untilMs);
    }
    return undefined;
  }

  #fail(problem: string): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    if (this.#opened)
      this.#log.error({ file: this.#path, problem }, 'the revocation file is not known; every token is refused');
  }

  #recover(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#log.warn({ file: this.#path }, 'the revocation file is right again');
  }
}

/** A code of the file system such as `ENOENT`, or a message of ours. */
export function messageOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message);
}
