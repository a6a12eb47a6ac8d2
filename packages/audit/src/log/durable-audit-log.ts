import {
  type AppendOptions,
  type AuditEntry,
  type AuditLog,
  type AuditMode,
  type AuditRecord,
  type AuditStatus,
  type Clock,
  type Observer,
  Refusal,
  type Steps,
  tell,
} from '@sallyport/core';
import { FloodAggregator, isAnonymousRefusal } from '../flood/flood-aggregator.ts';
import { packRecord } from '../segment/record-line.ts';
import type { CopyWriter } from './copy-writer.ts';
import { SlicedWork } from './sliced-work.ts';
import { WaitingAppend } from './waiting-append.ts';

export interface DurableAuditLogOptions {
  readonly mode: AuditMode;
  /** The log, and its mirror when there is one. */
  readonly copies: readonly CopyWriter[];
  readonly build: (entry: AuditEntry) => Steps<AuditRecord>;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** Large entries whose records are being made. */
const maxSliced = 1024;
const retryAfterSeconds = { busy: 1, failed: 5 };

/** The audit log over its copies: what is appended goes to all of them, and who waits for it is told as its mode says. */
export class DurableAuditLog implements AuditLog {
  readonly #options: DurableAuditLogOptions;
  readonly #flood: FloodAggregator;
  readonly #slices: SlicedWork = new SlicedWork();
  #closed: Promise<void> | undefined;

  constructor(options: DurableAuditLogOptions) {
    const { clock, mode } = options;
    this.#options = options;
    this.#flood = new FloodAggregator({ clock, record: (entry, count) => this.#add(entry, mode, count) });
  }

  append(entry: AuditEntry, options?: AppendOptions): Promise<void> {
    let appended: Promise<void>;
    try {
      appended = this.#append(entry, options?.mode ?? this.#options.mode);
    } catch (cause) {
      // Only an entry that is no plain data comes here.
      appended = Promise.reject(new Refusal('audit_unavailable', { cause }));
    }
    // Who does not wait for an append must not end the process when it is refused.
    appended.catch(() => undefined);
    return appended;
  }

  status(): AuditStatus {
    const { copies, mode } = this.#options;
    const refused = this.#closed === undefined ? this.#refused(mode) : 'the audit log is closed';
    const problem = refused ?? copies.map((copy) => copy.problem).find((text) => text !== undefined);
    const gap = copies.reduce((sum, copy) => sum + copy.ledger.lostCount, 0);
    return { writable: refused === undefined, ...(problem !== undefined && { problem }), gap };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #append(entry: AuditEntry, mode: AuditMode): Promise<void> {
    if (this.#closed !== undefined) return this.#refuse(entry, mode, 'the audit log is closed');
    if (isAnonymousRefusal(entry)) {
      const counted = this.#flood.offer(
        entry,
        this.#options.copies.some((copy) => copy.full(0.5)),
      );
      if (counted !== undefined) return counted;
    }
    const refused = this.#refusedNow(entry, mode);
    if (refused !== undefined) return this.#refuse(entry, mode, refused);
    return this.#add(entry, mode, 1);
  }

  /** `weight`: how many facts are lost when this entry is. */
  #add(entry: AuditEntry, mode: AuditMode, weight: number): Promise<void> {
    let built: AuditRecord | Promise<AuditRecord>;
    try {
      built = this.#slices.run(this.#options.build(entry));
    } catch (error) {
      return this.#refuse(entry, mode, error);
    }
    if (!(built instanceof Promise)) return this.#write(entry, built, mode, weight);
    return built.then(
      (record) => this.#write(entry, record, mode, weight),
      (error: unknown) => this.#refuse(entry, mode, error),
    );
  }

  #write(entry: AuditEntry, record: AuditRecord, mode: AuditMode, weight: number): Promise<void> {
    const { copies } = this.#options;
    return new Promise((resolve, reject) => {
      const append = new WaitingAppend({
        entry,
        line: packRecord(record),
        strict: mode !== 'available',
        needed: mode === 'strict' && isGate(entry) ? copies.length : 1,
        weight,
        copies: copies.length,
        resolve,
        reject,
        onSettled: (settled) => this.#onSettled(settled),
      });
      for (const copy of copies) copy.add(append);
    });
  }

  /** Why there is no point in making a record of it. */
  #refusedNow(entry: AuditEntry, mode: AuditMode): string | undefined {
    if (mode !== 'available' && isGate(entry)) {
      const refused = this.#refused(mode);
      if (refused !== undefined) return refused;
    }
    if (this.#slices.waiting > maxSliced) return 'more records wait to be made than memory may hold';
    const { copies } = this.#options;
    return copies.some((copy) => copy.takes(entry)) ? undefined : copies[0]?.unwritable;
  }

  /** Why a call in this mode is not let through; in mode `available` why it would not be recorded. */
  #refused(mode: AuditMode): string | undefined {
    const { copies } = this.#options;
    const problems = copies.map((copy) => copy.unwritable ?? (mode === 'available' ? undefined : copy.unsigned));
    const enough = mode === 'strict' ? problems.every(isNone) : problems.some(isNone);
    return enough ? undefined : problems.find((problem) => problem !== undefined);
  }

  #refuse(entry: AuditEntry, mode: AuditMode, cause: unknown): Promise<void> {
    const strict = mode !== 'available';
    this.#lose(entry, strict, 1, this.#options.copies);
    if (!strict) return Promise.resolve();
    const busy = this.#options.copies.every((copy) => copy.busy);
    const seconds = busy ? retryAfterSeconds.busy : retryAfterSeconds.failed;
    return Promise.reject(new Refusal('audit_unavailable', { retryAfterSeconds: seconds, cause }));
  }

  #onSettled({ entry, held, missed, refused, weight }: WaitingAppend): void {
    if (held.length === 0) this.#lose(entry, refused, weight, missed);
    else for (const copy of missed) copy.ledger.miss(entry, weight);
    // It stands in the log that the call was allowed, and the call did not run.
    if (refused && held.length > 0 && isGate(entry)) for (const copy of held) copy.note(notRun(entry));
  }

  /** Nobody has it. */
  #lose(entry: AuditEntry, refused: boolean, weight: number, copies: readonly CopyWriter[]): void {
    const counted = copies.map((copy) => copy.ledger.lose(entry, refused, weight));
    if (counted.includes(true)) tell(this.#options.observer, { type: 'audit.gap', count: weight });
  }

  async #close(): Promise<void> {
    this.#flood.flush();
    await this.#slices.drained();
    await Promise.all(this.#options.copies.map((copy) => copy.close()));
  }
}

/** A record that a call waits for before it runs. */
function isGate(entry: AuditEntry): boolean {
  return entry.type === 'mcp.decision' && entry.decision?.effect === 'allow';
}

function notRun({ call, principal, target, mcp }: AuditEntry): AuditEntry {
  return {
    type: 'mcp.outcome',
    ...(call !== undefined && { call }),
    ...(principal !== undefined && { principal }),
    ...(mcp !== undefined && { mcp }),
    ...(target !== undefined && { target }),
    outcome: { status: 'aborted' },
    detail: { reason: 'not_acknowledged' },
  };
}

function isNone(problem: string | undefined): boolean {
  return problem === undefined;
}
