type Level<Row> = Map<string, Level<Row> | Row>;

/**
 * Rows by several texts, in bounded memory: what comes after the limit is counted and has no row. The texts are looked up one after
 * the other; to put them together into one key costs several times more.
 */
export class BoundedGroups<Row extends object> {
  readonly #limit: number;
  readonly #first: Level<Row> = new Map();
  readonly #rows: Row[] = [];
  #left = 0;

  /** @param limit most rows kept. A caller can make up names without end; nobody reads so many rows. */
  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  /** The row of some texts, as many as always, made when it is new; `undefined` when there is no room for another. */
  rowOf(texts: readonly string[], make: () => Row): Row | undefined {
    let level = this.#first;
    const last = texts.length - 1;
    for (let index = 0; index < last; index += 1) {
      const text = texts[index] ?? '';
      let next = level.get(text) as Level<Row> | undefined;
      if (next === undefined) {
        if (this.#rows.length >= this.#limit) return this.#leave();
        next = new Map();
        level.set(text, next);
      }
      level = next;
    }
    const text = texts[last] ?? '';
    const known = level.get(text) as Row | undefined;
    if (known !== undefined) return known;
    if (this.#rows.length >= this.#limit) return this.#leave();
    const row = make();
    level.set(text, row);
    this.#rows.push(row);
    return row;
  }

  /** The first rows of an order. */
  top(count: number, compare: (a: Row, b: Row) => number): { readonly rows: readonly Row[]; readonly more: number } {
    const rows = this.#rows.toSorted(compare);
    return { rows: rows.slice(0, count), more: Math.max(0, rows.length - count) };
  }

  get size(): number {
    return this.#rows.length;
  }

  /** How many were counted without a row. */
  get left(): number {
    return this.#left;
  }

  #leave(): undefined {
    this.#left += 1;
    return undefined;
  }
}
