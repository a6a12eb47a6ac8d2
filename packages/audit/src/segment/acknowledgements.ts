/** Told in one turn of the event loop. What callers do then, they do in that turn. */
const perTurn = 16;

/**
 * Tells callers that their records are durable, a few in each turn of the event loop: hundreds that go on at once would hold it.
 * In the order in which they were given.
 */
export class Acknowledgements<T> {
  readonly #tell: (items: readonly T[]) => void;
  #waiting: (readonly T[])[] = [];
  #offset = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(tell: (items: readonly T[]) => void) {
    this.#tell = tell;
  }

  /** True while somebody has not been told. */
  get pending(): boolean {
    return this.#scheduled;
  }

  add(items: readonly T[]): void {
    if (items.length === 0) return;
    this.#waiting.push(items);
    if (this.#scheduled) return;
    this.#turn();
  }

  /** Resolves when everybody has been told. */
  async drained(): Promise<void> {
    if (this.#scheduled) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #turn(): void {
    this.#scheduled = false;
    let room = perTurn;
    for (let [items] = this.#waiting; items !== undefined && room > 0; [items] = this.#waiting) {
      const part = items.length - this.#offset <= room ? items.length : this.#offset + room;
      const told = this.#offset === 0 && part === items.length ? items : items.slice(this.#offset, part);
      room -= told.length;
      this.#offset = part;
      if (part === items.length) {
        this.#waiting.shift();
        this.#offset = 0;
      }
      this.#tell(told);
    }
    if (this.#waiting.length > 0) {
      this.#scheduled = true;
      setImmediate(() => this.#turn());
      return;
    }
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
