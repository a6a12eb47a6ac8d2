/** More times than these are not kept: what comes later takes the place of some of them. */
const capacity = 200_000;

/** Times of a run, in bounded memory. */
export class SampledTimes {
  readonly #micros: Float64Array = new Float64Array(capacity);
  #count = 0;

  add(ms: number): void {
    this.#micros[this.#count % capacity] = ms * 1000;
    this.#count += 1;
  }

  /** The times below which these shares of all lie; `NaN` of nothing. */
  quantiles<const Shares extends readonly number[]>(shares: Shares): { [Index in keyof Shares]: number } {
    const sorted = this.#micros.slice(0, Math.min(this.#count, capacity)).sort();
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
    return shares.map(at) as { [Index in keyof Shares]: number };
  }
}
