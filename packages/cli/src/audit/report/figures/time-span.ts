/** First and last of several times, in milliseconds since the epoch. A time that can not be read is in no span. */
export class TimeSpan {
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  see(atMs: number): void {
    if (atMs < this.#firstMs) this.#firstMs = atMs;
    if (atMs > this.#lastMs) this.#lastMs = atMs;
  }

  /** As RFC 3339 in UTC; empty without any. */
  get first(): string {
    return timeText(this.#firstMs);
  }

  get last(): string {
    return timeText(this.#lastMs);
  }
}

/** The last millisecond that a `Date` can hold; the first one is its negative. */
const lastMs = 8.64e15;

/** Milliseconds since the epoch as RFC 3339 in UTC; empty for what is no time. */
export function timeText(ms: number): string {
  return Number.isFinite(ms) ? new Date(Math.max(-lastMs, Math.min(lastMs, ms))).toISOString() : '';
}
