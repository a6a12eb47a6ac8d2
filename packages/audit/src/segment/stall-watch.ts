const stallMs = 10_000;

/** Knows how long the disk has not answered. */
export class StallWatch {
  readonly #onStalled: () => void;
  #since: number | undefined;
  #watching = false;

  constructor(onStalled: () => void) {
    this.#onStalled = onStalled;
  }

  get stalled(): boolean {
    return this.#since !== undefined && performance.now() - this.#since > stallMs;
  }

  begin(): void {
    this.#since = performance.now();
    if (!this.#watching) this.#watch(stallMs);
  }

  end(): void {
    this.#since = undefined;
  }

  /** One timer for many writes: it looks again when the present one began after it was set. */
  #watch(delayMs: number): void {
    this.#watching = true;
    const timer = setTimeout(() => {
      this.#watching = false;
      if (this.#since === undefined) return;
      const waitedMs = performance.now() - this.#since;
      if (waitedMs > stallMs) this.#onStalled();
      else this.#watch(stallMs - waitedMs);
    }, delayMs + 1);
    timer.unref();
  }
}
