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

interface Waiting {
  readonly since: number;
  enter(): void;
  refuse(): void;
}

export class CallGate {
  readonly #options: CallGateOptions;
  readonly #preferred: Waiting[] = [];
  readonly #others: Waiting[] = [];
  #running = 0;

  constructor(options: CallGateOptions) {
    this.#options = options;
  }

  /**
   * Runs a call when its turn comes: preferred ones before the others, else first come first served. Rejects with `GateFull` when there
   * are too many; a preferred call takes the place of the other one that came last.
   */
  async run<T>(call: () => Promise<T>, preferred = false): Promise<T> {
    if (this.#running >= this.#options.maxRunning) await this.#wait(preferred);
    else this.#running += 1;
    try {
      return await call();
    } finally {
      this.#leave();
    }
  }

  #wait(preferred: boolean): Promise<void> {
    if (this.#preferred.length + this.#others.length >= this.#options.maxWaiting) {
      const last = preferred ? this.#others.pop() : undefined;
      if (last === undefined) return Promise.reject(new GateFull());
      last.refuse();
    }
    return new Promise((resolve, reject) => {
      const queue = preferred ? this.#preferred : this.#others;
      queue.push({ since: this.#options.now(), enter: resolve, refuse: () => reject(new GateFull()) });
    });
  }

  /** Hands the place on to the next that has not waited too long. */
  #leave(): void {
    const oldest = this.#options.now() - this.#options.maxWaitMs;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (next.since >= oldest) return next.enter();
      next.refuse();
    }
    this.#running -= 1;
  }

  #next(): Waiting | undefined {
    return this.#preferred.shift() ?? this.#others.shift();
  }
}
