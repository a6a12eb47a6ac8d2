/** Ranges of missing numbers that are told apart; beyond, a number that comes late counts as there twice. */
const maxRanges = 4096;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a sequence number stands in the order of its stream. */
export type SequencePlace =
  | 'next'
  /** Numbers before it have not been seen. */
  | 'jump'
  /** One that had been skipped. */
  | 'late'
  /** Seen already. */
  | 'again';

/** Follows the sequence numbers of a stream. A number that is missing may still come: then lines were reordered. */
export class SequenceCheck {
  #next: number;
  #skipped: Range[] = [];

  constructor(first: number) {
    this.#next = first;
  }

  /** The number that should come next. */
  get next(): number {
    return this.#next;
  }

  see(seq: number): SequencePlace {
    if (seq === this.#next) {
      this.#next = seq + 1;
      return 'next';
    }
    if (seq > this.#next) {
      if (this.#skipped.length < maxRanges) this.#skipped.push({ from: this.#next, to: seq - 1 });
      this.#next = seq + 1;
      return 'jump';
    }
    const index = this.#skipped.findIndex(({ from, to }) => seq >= from && seq <= to);
    const range = this.#skipped[index];
    if (range === undefined) return 'again';
    const left = range.from < seq ? [{ from: range.from, to: seq - 1 }] : [];
    const right = range.to > seq ? [{ from: seq + 1, to: range.to }] : [];
    this.#skipped.splice(index, 1, ...left, ...right);
    return 'late';
  }

  /** What was skipped and never came. Nothing of it is waited for any more. */
  takeMissing(): readonly Range[] {
    const missing = this.#skipped;
    this.#skipped = [];
    return missing;
  }

  /** Goes on at a number, whatever is before it. */
  goTo(seq: number): void {
    this.#next = Math.max(this.#next, seq);
  }
}
