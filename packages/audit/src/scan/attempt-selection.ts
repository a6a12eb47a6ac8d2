import { beginsAttempt, endsAttempt, type AuditRecord } from '@sallyport/core';

/** Whether a record is selected. `undecided`: it ends a call whose beginning was not seen. */
export type Selection = 'selected' | 'left out' | 'undecided';

/** A call that is open, and whether it is selected. */
export type OpenCall = readonly [call: string, selected: boolean];

/**
 * Selects attempts and not single records: the record that ends a call is selected with the one that began it, whatever its own facts
 * are. Takes the records of one stream in their order. Memory is bounded by the calls that are open at a time.
 */
export class AttemptSelection {
  readonly #open: Map<string, boolean> = new Map();

  /** `fits`: whether the record is selected by its own facts; asked only where they count. */
  see(record: AuditRecord, fits: (record: AuditRecord) => boolean): Selection {
    const { call } = record;
    if (typeof call === 'string' && endsAttempt(record)) return this.end(call);
    const selected = fits(record);
    if (typeof call === 'string' && beginsAttempt(record)) this.begin(call, selected);
    return selected ? 'selected' : 'left out';
  }

  begin(call: string, selected: boolean): void {
    this.#open.set(call, selected);
  }

  /** What the end of a call is. The call is over then. */
  end(call: string): Selection {
    const began = this.#open.get(call);
    if (began === undefined) return 'undecided';
    this.#open.delete(call);
    return began ? 'selected' : 'left out';
  }

  open(): readonly OpenCall[] {
    return [...this.#open];
  }
}
