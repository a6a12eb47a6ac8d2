import {
  Refusal,
  type AppendOptions,
  type AuditEntry,
  type AuditLog,
  type AuditMode,
  type AuditRecord,
  type AuditStatus,
  type Clock,
  type Observer,
} from '@sallyport/core';
import { FloodAggregator, isAnonymousRefusal } from '../flood/flood-aggregator.ts';
import type { StreamLock } from '../lock/stream-lock.ts';
import { GroupCommit, type Pending } from '../segment/group-commit.ts';
import { packRecord } from '../segment/record-line.ts';
import type { SegmentStore } from '../segment/segment-store.ts';
import type { AuditLogger } from './audit-logger.ts';
import { errorText } from './error-code.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';

export interface DurableAuditLogOptions {
  readonly stream: string;
  readonly mode: AuditMode;
  /** Its first segment is open. */
  readonly store: SegmentStore;
  readonly lock: StreamLock;
  readonly build: (entry: AuditEntry) => AuditRecord;
  readonly clock: Clock;
  readonly log: AuditLogger;
  readonly observer: Observer;
}

/** An entry on its way to the disk. */
type Item = Pending & LedgerEntry;

/** Appends beyond this many waiting records or characters are refused, so that a slow disk can not fill the memory. */
const maxQueued = { records: 65_536, length: 64 * 1024 * 1024 };
const retryAfterSeconds = { full: 1, failed: 5 };

/** The audit log over the segments of one stream. */
export class DurableAuditLog implements AuditLog {
  readonly #options: DurableAuditLogOptions;
  readonly #strict: boolean;
  readonly #commits: GroupCommit<Item>;
  readonly #flood: FloodAggregator;
  readonly #ledger: Ledger;
  #closed: Promise<void> | undefined;
  #stopping = false;

  constructor(options: DurableAuditLogOptions) {
    const { clock, observer, store, lock, log, stream } = options;
    this.#options = options;
    this.#strict = options.mode !== 'available';
    this.#ledger = new Ledger(clock, observer);
    this.#flood = new FloodAggregator({ clock, record: (entry, count) => this.#add(entry, this.#strict, count) });
    this.#commits = new GroupCommit(store, {
      mayWrite: () => lock.confirm(),
      onDurable: (items) => this.#onDurable(items),
      onLost: (items, error) => {
        for (const item of items) item.lost(error);
      },
      onReplaced: (abandoned, error) => this.#onReplaced(abandoned, error),
      onFailed: (error) => this.#onFailed(error),
      opening: (abandoned, error) => this.#opening(abandoned, error),
      onReopened: () => log.warn({ stream, file: store.current }, 'the audit log is written again'),
    });
  }

  append(entry: AuditEntry, options?: AppendOptions): Promise<void> {
    const strict = options?.mode === undefined ? this.#strict : options.mode !== 'available';
    let appended: Promise<void>;
    try {
      appended = this.#append(entry, strict);
    } catch (cause) {
      // Only an entry that is no plain data comes here.
      appended = Promise.reject(new Refusal('audit_unavailable', { cause }));
    }
    // Who does not wait for an append must not end the process when it is refused.
    appended.catch(() => undefined);
    return appended;
  }

  status(): AuditStatus {
    const problem = this.#problem();
    return { writable: problem === undefined, ...(problem !== undefined && { problem }), gap: this.#ledger.lostCount };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #append(entry: AuditEntry, strict: boolean): Promise<void> {
    const { failed, stalled } = this.#commits;
    // The end of an attempt that has begun always finds room; their number is bounded by what is open.
    const room = !this.#full(1) || this.#ledger.endsOpen(entry);
    if (this.#closed !== undefined || failed || stalled || !room)
      return settled(this.#lose(entry, strict, 1, this.#problem()));
    if (isAnonymousRefusal(entry)) {
      const counted = this.#flood.offer(entry, this.#full(0.5));
      if (counted !== undefined) return counted;
    }
    return this.#add(entry, strict, 1);
  }

  /** `weight`: how many facts are lost when this entry is. */
  #add(entry: AuditEntry, strict: boolean, weight: number): Promise<void> {
    if (this.#commits.failed) return settled(this.#lose(entry, strict, weight, this.#problem()));
    return new Promise((resolve, reject) => {
      const lost = (error: unknown): void => {
        const refusal = this.#lose(entry, strict, weight, error);
        if (refusal === undefined) resolve();
        else reject(refusal);
      };
      this.#enqueue({ entry, durable: resolve, lost });
    });
  }

  #enqueue(waiting: LedgerEntry): void {
    let item: Item;
    try {
      item = this.#item(waiting);
    } catch (error) {
      waiting.lost(error);
      return;
    }
    this.#commits.add(item);
  }

  #item({ entry, durable, lost }: LedgerEntry): Item {
    return { line: packRecord(this.#options.build(entry)), entry, durable, lost };
  }

  /** What an append that can not be written comes to: a refusal, or in mode `available` nothing but a count. */
  #lose(entry: AuditEntry, strict: boolean, weight: number, cause: unknown): Refusal | undefined {
    this.#ledger.lose(entry, strict, weight);
    if (!strict) return undefined;
    const seconds = this.#commits.failed || this.#commits.stalled ? retryAfterSeconds.failed : retryAfterSeconds.full;
    return new Refusal('audit_unavailable', { retryAfterSeconds: seconds, cause });
  }

  #onDurable(items: readonly Item[]): void {
    for (const item of items) {
      this.#ledger.durable(item.entry);
      item.durable();
    }
    if (!this.#stopping && !this.#full(1)) this.#enqueueDue();
  }

  #onReplaced(abandoned: string | undefined, error: unknown): void {
    const { log, stream } = this.#options;
    this.#ledger.abandon(abandoned);
    log.warn(
      { stream, file: abandoned, error: errorText(error) },
      'writing the audit log failed; it goes on in a new segment',
    );
    this.#enqueue(this.#ledger.rotated(error));
  }

  #onFailed(error: unknown): void {
    const { log, stream, mode } = this.#options;
    const facts = { stream, mode, error: errorText(error) };
    log.error(facts, 'the audit log can not be written; mode strict refuses calls, mode available counts what is lost');
  }

  #opening(abandoned: string | undefined, error: unknown): Item[] {
    this.#ledger.abandon(abandoned);
    return [this.#ledger.rotated(error), ...this.#ledger.due()].map((entry) => this.#item(entry));
  }

  #enqueueDue(): void {
    for (const entry of this.#ledger.due()) this.#enqueue(entry);
  }

  #full(share: number): boolean {
    const { records, length } = this.#commits;
    return records >= maxQueued.records * share || length >= maxQueued.length * share;
  }

  #problem(): string | undefined {
    if (this.#closed !== undefined) return 'the audit log is closed';
    if (this.#options.lock.lost) return 'another process has taken over the stream';
    if (this.#commits.failed) return `the audit log can not be written (${errorText(this.#commits.failure)})`;
    if (this.#commits.stalled) return 'the disk of the audit log does not answer';
    return this.#full(1) ? 'more records wait for the disk than memory may hold' : undefined;
  }

  async #close(): Promise<void> {
    const { lock, log, stream } = this.#options;
    this.#flood.flush();
    await this.#commits.drained();
    await this.#commits.retry();
    if (!this.#commits.failed) {
      this.#stopping = true;
      this.#enqueueDue();
      await this.#commits.drained();
    }
    if (!this.#commits.failed) {
      const nothing = (): void => undefined;
      this.#enqueue({
        entry: { type: 'audit.stopped', detail: { open: this.#ledger.open } },
        durable: nothing,
        lost: nothing,
      });
    }
    await this.#commits.close();
    await lock.release();
    const lost = this.#ledger.lostCount;
    if (this.#commits.failed || lost > 0)
      log.error({ stream, lost }, 'the audit log was closed without its last records');
  }
}

function settled(refusal: Refusal | undefined): Promise<void> {
  return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
}
