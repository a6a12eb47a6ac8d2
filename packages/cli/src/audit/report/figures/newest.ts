/** Keeps the newest of many, in bounded memory. */
export class Newest<Row extends { readonly at: string }> {
  readonly #limit: number;
  #rows: Row[] = [];
  #seen = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  see(row: Row): void {
    this.#seen += 1;
    this.#rows.push(row);
    if (this.#rows.length >= this.#limit * 4) this.#cut();
  }

  /** Oldest first, and how many older ones are not among them. */
  finish(): { readonly rows: readonly Row[]; readonly more: number } {
    this.#cut();
    return { rows: this.#rows, more: this.#seen - this.#rows.length };
  }

  /** Streams come one after the other: what is newest is known by its time alone. */
  #cut(): void {
    this.#rows = this.#rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-this.#limit);
  }
}
