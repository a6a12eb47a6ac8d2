import {
  type AuditEntry,
  type AuditRecord,
  type Clock,
  logEvent,
  type Observer,
  type OperationalLogger,
  tell,
} from '@sallyport/core';
import { GroupCommit } from '../segment/group-commit.ts';
import { packRecord } from '../segment/record-line.ts';
import type { RotationReason } from '../segment/rotate-policy.ts';
import { AppendItem, type Item } from './append-item.ts';
import type { CopyStore } from './copy-store.ts';
import { errorText } from './error-code.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import type { WaitingAppend } from './waiting-append.ts';

/** The segments of `audit.directory`, or those of `audit.mirror`. */
export type CopyName = 'log' | 'mirror';

export interface CopyWriterOptions {
  readonly name: CopyName;
  readonly stream: string;
  readonly store: CopyStore;
  /** Why the store could not be opened, if it could not. */
  readonly failure?: { readonly error: unknown };
  readonly build: (entry: AuditEntry) => AuditRecord;
  readonly clock: Clock;
  readonly log: OperationalLogger;
  readonly observer: Observer;
}

/** Appends beyond this many waiting records or characters are refused, so that a slow disk can not fill the memory. */
const maxQueued = { records: 65_536, length: 64 * 1024 * 1024 };

/** One copy of the log: whatever becomes of another one, this one keeps its own sequence, its own gaps and its own evidence. */
export class CopyWriter {
  readonly name: CopyName;
  readonly ledger: Ledger;
  /** Called when a segment has followed one that was full or old. */
  onRotated: (() => void) | undefined;
  readonly #options: CopyWriterOptions;
  readonly #commits: GroupCommit<Item>;
  #stopping = false;

  constructor(options: CopyWriterOptions) {
    const { store, log, stream, clock, name } = options;
    this.name = name;
    this.#options = options;
    this.ledger = new Ledger(clock);
    this.#commits = new GroupCommit(store, {
      mayWrite: () => store.confirm(),
      onDurable: (items) => this.#onDurable(items),
      onLost: (items, error) => {
        for (const item of items) item.lost(error);
      },
      onStalled: (items) => {
        for (const item of items) item.giveUp(new Error(`the disk of ${this.#called} does not answer`));
      },
      onReplaced: (abandoned, error) => this.#onReplaced(abandoned, error),
      onFailed: (error) => this.#onFailed(error),
      rotating: (reason) => this.#item(this.#rotation(reason)),
      opening: (abandoned, error) => this.#opening(abandoned, error),
      onReopened: () => {
        logEvent(log, 'sallyport.audit.copy_recovered', { stream, copy: this.name, file: store.current });
        this.#tell(true);
      },
    });
    if (options.failure === undefined) {
      this.#tell(true);
    } else {
      this.#onFailed(options.failure.error);
      this.#commits.startFailed(options.failure.error);
    }
  }

  get store(): CopyStore {
    return this.#options.store;
  }

  /** Why it takes no records now; `undefined` when it does. */
  get unwritable(): string | undefined {
    const { store } = this.#options;
    if (store.opened?.lock.lost === true)
      return 'another process has taken over the stream, or its lock file was removed';
    if (this.#commits.failed) return `${this.#called} can not be written (${errorText(this.#commits.failure)})`;
    if (this.#commits.stalled) return `the disk of ${this.#called} does not answer`;
    return this.full(1) ? 'more records wait for the disk than memory may hold' : undefined;
  }

  /** Why a strict call is refused although records are taken. */
  get unsigned(): string | undefined {
    const evidence = this.#options.store.opened?.evidence;
    return evidence?.overdue === true ? evidence.problem : undefined;
  }

  /** What an operator should know of it, also when it goes on. */
  get problem(): string | undefined {
    return this.unwritable ?? this.#options.store.opened?.evidence.problem;
  }

  /** Whether so much of what may wait is waiting. */
  full(share: number): boolean {
    const { records, length } = this.#commits;
    return records >= maxQueued.records * share || length >= maxQueued.length * share;
  }

  /** True when only too many others are in the way. */
  get busy(): boolean {
    return !this.#commits.failed && !this.#commits.stalled;
  }

  /** Whether it takes this record now. The end of an attempt that has begun always finds room; their number is bounded. */
  takes(entry: AuditEntry): boolean {
    const { failed, stalled } = this.#commits;
    return !failed && !stalled && (!this.full(1) || this.ledger.endsOpen(entry));
  }

  add(append: WaitingAppend): void {
    if (!this.takes(append.entry)) {
      append.lost(this, this.unwritable);
      return;
    }
    this.#commits.add(new AppendItem(this, append));
  }

  /** Writes a record of the log itself, which nobody waits for. */
  note(entry: AuditEntry): void {
    if (!this.#commits.failed) this.#enqueue({ entry, durable: () => undefined, lost: () => undefined });
  }

  /** The same; resolves when it is durable. */
  record(entry: AuditEntry): Promise<void> {
    if (this.#commits.failed) return Promise.reject(new Error(this.unwritable));
    return new Promise((resolve, reject) => this.#enqueue({ entry, durable: resolve, lost: reject }));
  }

  /** Begins a new segment when the open one is due for it. */
  rotateIfDue(): void {
    this.#commits.rotateIfDue();
  }

  async close(): Promise<void> {
    const commits = this.#commits;
    await commits.drained();
    await commits.retry();
    if (!commits.failed) {
      this.#stopping = true;
      for (const entry of this.ledger.due()) this.#enqueue(entry);
      await commits.drained();
    }
    this.note({ type: 'audit.stopped', detail: { open: this.ledger.open } });
    await commits.close();
    await this.#options.store.release();
    const { log, stream } = this.#options;
    const lost = this.ledger.lostCount;
    if (commits.failed || lost > 0) logEvent(log, 'sallyport.audit.copy_incomplete', { stream, copy: this.name, lost });
  }

  get #called(): string {
    return this.name === 'log' ? 'the audit log' : 'the audit mirror';
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
    return { line: packRecord(this.#options.build(entry)), entry, durable, lost, giveUp: () => undefined };
  }

  #onDurable(items: readonly Item[]): void {
    for (const item of items) {
      this.ledger.durable(item.entry);
      item.durable();
    }
    if (this.name === 'log') tell(this.#options.observer, { type: 'audit.recorded', records: items.length });
    if (this.#stopping || this.full(1)) return;
    for (const entry of this.ledger.due()) this.#enqueue(entry);
  }

  #rotation(reason: RotationReason): LedgerEntry {
    const { store } = this.#options;
    const detail = { reason, ...(store.current !== undefined && { previous: store.current }) };
    return { entry: { type: 'audit.rotated', detail }, durable: () => this.onRotated?.(), lost: () => undefined };
  }

  #onReplaced(abandoned: string | undefined, error: unknown): void {
    const { log, stream } = this.#options;
    this.ledger.abandon(abandoned);
    const facts = { stream, copy: this.name, file: abandoned, error: errorText(error) };
    logEvent(log, 'sallyport.audit.copy_replaced', facts);
    this.#enqueue(this.ledger.rotated(error));
  }

  #onFailed(error: unknown): void {
    const { log, stream } = this.#options;
    logEvent(log, 'sallyport.audit.copy_failed', { stream, copy: this.name, error: errorText(error) });
    this.#tell(false);
  }

  #opening(abandoned: string | undefined, error: unknown): Item[] {
    this.ledger.abandon(abandoned);
    return [this.ledger.rotated(error), ...this.ledger.due()].map((entry) => this.#item(entry));
  }

  #tell(ok: boolean): void {
    tell(this.#options.observer, { type: 'audit.copy', copy: this.name, ok });
  }
}
