import { member, type AuditEntry, type Clock } from '@sallyport/core';
import { letsRun, OpenAttempts } from '../recovery/open-attempts.ts';
import { errorText } from './error-code.ts';
import { GapCounter, gapEntry } from './gap-counter.ts';
import { OwedRecords } from './owed-records.ts';

/** An entry, and what follows when it is durable or lost. */
export interface LedgerEntry {
  readonly entry: AuditEntry;
  readonly durable: (this: void) => void;
  readonly lost: (this: void, error: unknown) => void;
}

/** What the log owes: attempts that have begun, records that were lost, files that were given up. */
export class Ledger {
  readonly #clock: Clock;
  readonly #open: OpenAttempts = new OpenAttempts();
  readonly #gap: GapCounter = new GapCounter();
  readonly #owed: OwedRecords = new OwedRecords();
  readonly #abandoned: Set<string> = new Set();

  constructor(clock: Clock) {
    this.#clock = clock;
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

  /**
   * Notes an entry that was not written anywhere. `weight`: how many facts it stood for; `refused`: its caller was told. True when it
   * is counted as lost.
   */
  lose(entry: AuditEntry, refused: boolean, weight: number): boolean {
    if (this.#owes(entry)) return false;
    // A call whose decision is refused does not run; its refusal is the fact that counts.
    if (refused && letsRun(entry.decision)) return false;
    const of = entry.type === 'audit.aggregated' ? member(entry.detail, 'of') : entry.type;
    this.#gap.add(typeof of === 'string' ? of : entry.type, weight, this.#clock.now());
    return true;
  }

  /** Notes an entry that was not written here, and that another copy has. */
  miss(entry: AuditEntry, weight: number): void {
    if (this.lose(entry, false, weight)) this.#gap.elsewhere(weight);
  }

  #owes(entry: AuditEntry): boolean {
    if (!this.#open.endsOpen(entry)) return false;
    this.#owed.add(entry, this.#clock.now());
    return true;
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
