/** Distinct texts that are counted apart; a writer of this version has far fewer. */
const maxTexts = 100;
const others = 'other';

/** Counts texts, in bounded memory. */
export class TallyMap {
  readonly #counts: Map<string, number> = new Map();

  add(text: string, count = 1): void {
    const key = this.#counts.size < maxTexts || this.#counts.has(text) ? text : others;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  /** By text, in the order of the alphabet. */
  finish(): Readonly<Record<string, number>> {
    const sorted = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    // A text of a log may be any, also `__proto__`.
    return Object.assign(Object.create(null) as Record<string, number>, Object.fromEntries(sorted));
  }
}
