import type { RecordLine } from './record-line.ts';
import type { SegmentStore } from './segment-store.ts';

/** Something that waits to become durable. */
export interface Pending {
  readonly line: RecordLine;
}

export interface GroupCommitHooks<T extends Pending> {
  /** Rejects when this process may no longer write to the stream; `undefined` when there is no doubt. */
  mayWrite(): Promise<void> | undefined;
  /** These are on disk. */
  onDurable(items: readonly T[]): void;
  /** These are not, and will not be tried again. */
  onLost(items: readonly T[], error: unknown): void;
  /** A write failed, and a new segment took what had not been acknowledged. */
  onReplaced(abandoned: string | undefined, error: unknown): void;
  /** Neither the open segment nor a new one can be written. Said once for each outage. */
  onFailed(error: unknown): void;
  /** The first records of the segment that ends an outage. */
  opening(abandoned: string | undefined, error: unknown): readonly T[];
  /** The outage is over. */
  onReopened(): void;
}

const maxBatchRecords = 1024;
const maxBatchLength = 512 * 1024;
const stallMs = 10_000;
const firstRetryMs = 100;
const lastRetryMs = 2000;

/**
 * Group commit: whoever appends while a batch is on its way to the disk shares the next one, with one write and one `fdatasync`.
 */
export class GroupCommit<T extends Pending> {
  readonly #store: SegmentStore;
  readonly #hooks: GroupCommitHooks<T>;
  #queue: T[] = [];
  #length = 0;
  #inFlight = 0;
  #inFlightSince = 0;
  #running = false;
  #failure: { readonly error: unknown; readonly abandoned: string | undefined } | undefined;
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(store: SegmentStore, hooks: GroupCommitHooks<T>) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Records that wait or are being written. */
  get records(): number {
    return this.#queue.length + this.#inFlight;
  }

  /** Characters of the lines that wait or are being written. */
  get length(): number {
    return this.#length;
  }

  /** Why nothing can be written, during an outage. */
  get failure(): unknown {
    return this.#failure?.error;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** True while the disk has not answered for so long that nobody should wait for it any more. */
  get stalled(): boolean {
    return this.#inFlight > 0 && performance.now() - this.#inFlightSince > stallMs;
  }

  /** Queues for the next batch. Not to be called during an outage. */
  add(item: T): void {
    this.#queue.push(item);
    this.#length += lineLength(item);
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (!this.#running) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Tries now to end an outage. */
  async retry(): Promise<void> {
    // Several may wait for the same batch; only one of them goes on.
    while (this.#running) await this.drained();
    const failure = this.#failure;
    if (failure === undefined) return;
    clearTimeout(this.#timer);
    this.#running = true;
    let items: readonly T[] = [];
    try {
      await this.#hooks.mayWrite();
      items = this.#hooks.opening(failure.abandoned, failure.error);
      await this.#store.begin(items.map(lineOf));
      this.#failure = undefined;
      this.#retryMs = firstRetryMs;
      this.#hooks.onDurable(items);
      this.#hooks.onReopened();
    } catch (error) {
      this.#failure = { error, abandoned: failure.abandoned };
      this.#hooks.onLost(items, error);
      this.#retryLater();
    }
    await this.#run();
  }

  /** Stops. Nothing may be added any more. */
  async close(): Promise<void> {
    await this.drained();
    clearTimeout(this.#timer);
    await this.#store.close();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#take();
      const error = await this.#commit(batch);
      this.#inFlight = 0;
      for (const item of batch) this.#length -= lineLength(item);
      if (error === undefined) this.#hooks.onDurable(batch);
      else this.#fail(batch, error.cause);
    }
    this.#running = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #take(): T[] {
    let count = 0;
    let length = 0;
    while (count < this.#queue.length && count < maxBatchRecords && length < maxBatchLength) {
      const item = this.#queue[count];
      if (item !== undefined) length += lineLength(item);
      count += 1;
    }
    const batch = count === this.#queue.length ? this.#queue : this.#queue.slice(0, count);
    this.#queue = count === this.#queue.length ? [] : this.#queue.slice(count);
    this.#inFlight = batch.length;
    this.#inFlightSince = performance.now();
    return batch;
  }

  /** Writes a batch, if need be to a new segment: a file that failed once is never trusted again. */
  async #commit(batch: readonly T[]): Promise<{ readonly cause: unknown } | undefined> {
    const lines = batch.map(lineOf);
    try {
      await this.#hooks.mayWrite();
      await this.#store.append(lines);
      return undefined;
    } catch (first) {
      const abandoned = this.#store.current;
      try {
        await this.#hooks.mayWrite();
        await this.#store.begin(lines);
      } catch (cause) {
        return { cause };
      }
      this.#hooks.onReplaced(abandoned, first);
      return undefined;
    }
  }

  #fail(batch: readonly T[], error: unknown): void {
    const waiting = this.#queue;
    this.#queue = [];
    this.#length = 0;
    this.#failure = { error, abandoned: this.#store.current };
    this.#hooks.onFailed(error);
    this.#hooks.onLost(batch, error);
    this.#hooks.onLost(waiting, error);
    this.#retryLater();
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.retry(), this.#retryMs);
    this.#timer.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }
}

function lineOf(item: Pending): RecordLine {
  return item.line;
}

function lineLength(item: Pending): number {
  return item.line.head.length + item.line.tail.length;
}
