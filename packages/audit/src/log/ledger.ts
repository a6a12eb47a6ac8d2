import { member, type AuditEntry, type Clock, type Observer } from '@sallyport/core';
import { letsRun, OpenAttempts } from '../recovery/open-attempts.ts';
import { errorText } from './error-code.ts';
import { GapCounter, gapEntry } from './gap-counter.ts';
import { OwedRecords } from './owed-records.ts';

/** An entry, and what follows when it is durable or lost. */
export interface LedgerEntry {
  readonly entry: AuditEntry;
  readonly durable: () => void;
  readonly lost: (error: unknown) => void;
}

/** What the log owes: attempts that have begun, records that were lost, files that were given up. */
export class Ledger {
  readonly #clock: Clock;
  readonly #observer: Observer;
  readonly #open: OpenAttempts = new OpenAttempts();
  readonly #gap: GapCounter = new GapCounter();
  readonly #owed: OwedRecords = new OwedRecords();
  readonly #abandoned: Set<string> = new Set();

  constructor(clock: Clock, observer: Observer) {
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Attempts that have begun and not ended. */
  get open(): number {
    return this.#open.size;
  }

  /** Lost records that no durable record accounts for. */
  get lostCount(): number {
    return this.#gap.count;
  }

  endsOpen(entry: AuditEntry): boolean {
    return this.#open.endsOpen(entry);
  }

  durable(entry: AuditEntry): void {
    this.#open.see(entry);
  }

  /** Notes an entry that was not written. `weight`: how many facts it stood for. */
  lose(entry: AuditEntry, strict: boolean, weight: number): void {
    if (this.#open.endsOpen(entry)) {
      this.#owed.add(entry, this.#clock.now());
      return;
    }
    // A call whose decision is refused does not run; its refusal is the fact that counts.
    if (strict && letsRun(entry.decision)) return;
    const of = entry.type === 'audit.aggregated' ? member(entry.detail, 'of') : entry.type;
    this.#gap.add(typeof of === 'string' ? of : entry.type, weight, this.#clock.now());
    try {
      this.#observer.emit({ type: 'audit.gap', count: weight });
    } catch {
      // An observer must not throw; if one does, it must not lose more than it has lost already.
    }
  }

  /** What is to be written as soon as there is a way: an account of what was lost, and the ends of attempts that came too late. */
  due(): LedgerEntry[] {
    const entries: LedgerEntry[] = this.#owed.take().map((entry) => ({
      entry,
      durable: () => undefined,
      lost: () => this.#owed.restore(entry),
    }));
    const gap = this.#gap.take();
    if (gap !== undefined) {
      entries.push({ entry: gapEntry(gap), durable: () => this.#gap.settle(gap), lost: () => this.#gap.restore(gap) });
    }
    return entries;
  }

  /** A segment that a write failed on. What stands in it beyond the next segment's first number was never acknowledged. */
  abandon(file: string | undefined): void {
    if (file !== undefined) this.#abandoned.add(file);
  }

  /** The record that names the abandoned segments. */
  rotated(error: unknown): LedgerEntry {
    const abandoned = [...this.#abandoned];
    return {
      entry: { type: 'audit.rotated', detail: { reason: 'write_failed', error: errorText(error), abandoned } },
      durable: () => {
        for (const file of abandoned) this.#abandoned.delete(file);
      },
      lost: () => undefined,
    };
  }
}
