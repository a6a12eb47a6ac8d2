/** In a hurry nothing waits longer, and nothing turns without a pause. */
const hurryMs = 10;

/** Waits that can be cut short together, so that nothing sleeps while something is closing. */
export class Pause {
  readonly #ends: Set<() => void> = new Set();
  #hurried = false;

  /** True when something is closing. */
  get hurried(): boolean {
    return this.#hurried;
  }

  /** Ends every wait, and shortens all that follow. */
  hurry(): void {
    this.#hurried = true;
    for (const end of this.#ends) end();
  }

  /** Resolves after `ms`, or earlier when somebody is in a hurry or `signal` is aborted. Keeps the process alive only in a hurry. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, this.#hurried ? Math.min(ms, hurryMs) : ms);
      if (!this.#hurried) timer.unref();
      signal.addEventListener('abort', end, { once: true });
      this.#ends.add(end);
    });
  }
}
