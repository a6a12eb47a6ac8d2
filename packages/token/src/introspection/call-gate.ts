/** Bounds how many calls run at once and how many wait, so that a slow issuer takes neither all sockets nor all memory. */
export interface CallGateOptions {
  readonly maxRunning: number;
  readonly maxWaiting: number;
  /** Longest time a call may have waited when its turn comes, in milliseconds. */
  readonly maxWaitMs: number;
  /** Monotonic milliseconds. */
  now(): number;
}

/** Thrown for a call that never ran. */
export class GateFull extends Error {
  override readonly name = 'GateFull';
}

export class CallGate {
  readonly #options: CallGateOptions;
  readonly #waiting: { readonly since: number; enter(): void; refuse(): void }[] = [];
  #running = 0;

  constructor(options: CallGateOptions) {
    this.#options = options;
  }

  /** Runs a call when its turn comes, first come first served. Rejects with `GateFull` when there are too many. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#options.maxRunning) await this.#wait();
    else this.#running += 1;
    try {
      return await call();
    } finally {
      this.#leave();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#options.maxWaiting) return Promise.reject(new GateFull());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ since: this.#options.now(), enter: resolve, refuse: () => reject(new GateFull()) });
    });
  }

  /** Hands the place on to the next that has not waited too long. */
  #leave(): void {
    const oldest = this.#options.now() - this.#options.maxWaitMs;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.since >= oldest) return next.enter();
      next.refuse();
    }
    this.#running -= 1;
  }
}
