import { attemptKey, closingKey, openingKey, type AttemptPart, type AuditRecord } from '@sallyport/core';

/** Whether a record is selected. `undecided`: what it is selected with was not seen. */
export type Selection = 'selected' | 'left out' | 'undecided';

/** An attempt that is open, by its key, and whether it is selected. */
export type OpenSelection = readonly [key: string, selection: Selection];

/**
 * Selects attempts and not single records: the record that ends one is selected with the one that began it, and the stream of a call with
 * the call, whatever their own facts are. Takes the records of one stream in their order. Memory is bounded by what is open at a time.
 */
export class AttemptSelection {
  readonly #open: Map<string, Selection> = new Map();

  /** `fits`: whether the record is selected by its own facts; asked only where they count. */
  see(record: AuditRecord, fits: (record: AuditRecord) => boolean): Selection {
    const followed = this.follow(record);
    if (followed !== undefined) return followed;
    const selection = fits(record) ? 'selected' : 'left out';
    this.#begin(openingKey(record), selection);
    return selection;
  }

  /** The same for who has seen all that stands before: what belongs to nothing there is selected by its own facts. */
  selects(record: AuditRecord, fits: (record: AuditRecord) => boolean): boolean {
    const seen = this.see(record, fits);
    return seen === 'undecided' ? this.settle(record, fits(record)) : seen === 'selected';
  }

  /** What a record is that is selected with another one; `undefined` for every other record. An attempt that it ends is over then. */
  follow(part: AttemptPart): Selection | undefined {
    if (part.type === 'stream.opened') {
      const key = attemptKey(part, 'mcp.outcome');
      const selection = this.#known(key);
      this.#begin(attemptKey(part, 'stream.closed'), selection);
      return selection;
    }
    const key = closingKey(part);
    if (key === undefined) return undefined;
    const selection = this.#known(key);
    this.#open.delete(key);
    return selection;
  }

  /** Says what an undecided record is. */
  settle(part: AttemptPart, selected: boolean): boolean {
    if (part.type === 'stream.opened') this.begin(part, selected);
    return selected;
  }

  /** A record that begins an attempt. */
  begin(part: AttemptPart, selected: boolean): void {
    const closing = part.type === 'stream.opened' ? 'stream.closed' : 'mcp.outcome';
    this.#begin(attemptKey(part, closing), selected ? 'selected' : 'left out');
  }

  open(): readonly OpenSelection[] {
    return [...this.#open];
  }

  /** Goes on with what was open at the end of a piece. What is undecided there is known here. */
  resume(open: readonly OpenSelection[]): void {
    for (const [key, selection] of open) if (selection !== 'undecided') this.#open.set(key, selection);
  }

  #known(key: string | undefined): Selection {
    return (key === undefined ? undefined : this.#open.get(key)) ?? 'undecided';
  }

  #begin(key: string | undefined, selection: Selection): void {
    if (key !== undefined) this.#open.set(key, selection);
  }
}
