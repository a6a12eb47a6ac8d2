import { Acknowledgements } from './acknowledgements.ts';
import type { CommitStore, GroupCommitHooks, Pending } from './commit-hooks.ts';
import type { RecordLine } from './record-line.ts';
import { StallWatch } from './stall-watch.ts';

const maxBatchRecords = 1024;
const maxBatchLength = 512 * 1024;
const gatherRecords = 64;
const firstRetryMs = 100;
const lastRetryMs = 2000;

/**
 * Group commit: whoever appends while a batch is on its way to the disk shares the next one, with one write and one `fdatasync`.
 * While callers are told of one batch, the next one is on its way already.
 */
export class GroupCommit<T extends Pending> {
  readonly #store: CommitStore;
  readonly #hooks: GroupCommitHooks<T>;
  readonly #acknowledgements: Acknowledgements<T>;
  readonly #watch: StallWatch;
  #queue: T[] = [];
  #batch: readonly T[] = [];
  #length = 0;
  #running = false;
  /** Waits in the queue; with it a new segment begins. */
  #rotation: T | undefined;
  #failure: { readonly error: unknown; readonly abandoned: string | undefined } | undefined;
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(store: CommitStore, hooks: GroupCommitHooks<T>) {
    this.#store = store;
    this.#hooks = hooks;
    this.#acknowledgements = new Acknowledgements((items) => hooks.onDurable(items));
    this.#watch = new StallWatch(() => hooks.onStalled([...this.#batch, ...this.#queue]));
  }

  /** Records that wait or are being written. */
  get records(): number {
    return this.#queue.length + this.#batch.length;
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
    return this.#watch.stalled;
  }

  /** Begins with an outage: the store could not be opened. */
  startFailed(error: unknown): void {
    this.#failure = { error, abandoned: undefined };
    this.#retryLater();
  }

  /** Queues for the next batch. Not to be called during an outage. */
  add(item: T): void {
    this.#queue.push(item);
    this.#length += lineLength(item);
    this.#wake();
  }

  /** Begins a new segment when the open one is due for it, also when nothing is to be written. */
  rotateIfDue(): void {
    if (!this.#running) this.#queueRotation();
  }

  /** Resolves when nothing waits any more and everybody has been told. */
  async drained(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#acknowledgements.drained();
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
      const opened = await this.#store.open();
      await this.#hooks.mayWrite();
      items = this.#hooks.opening(failure.abandoned, failure.error);
      if (opened) await this.#store.append(items.map(lineOf));
      else await this.#store.begin(items.map(lineOf));
      this.#failure = undefined;
      this.#retryMs = firstRetryMs;
      this.#acknowledgements.add(items);
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

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    // Whoever else appends in this tick is in the first batch already.
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Callers of the batch before are still being told, and may append more: a sync for a few costs as much as one for many.
      while (this.#acknowledgements.pending && this.#queue.length < gatherRecords) await new Promise(setImmediate);
      const batch = this.#take();
      this.#watch.begin();
      const error = await this.#commit(batch);
      this.#watch.end();
      this.#batch = [];
      for (const item of batch) this.#length -= lineLength(item);
      if (batch[0] === this.#rotation) this.#rotation = undefined;
      if (error === undefined) this.#acknowledgements.add(batch);
      else this.#fail(batch, error.cause);
      this.#queueRotation();
    }
    this.#running = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  /** What goes to the disk together: never more than belongs into one segment. */
  #take(): T[] {
    const queue = this.#queue;
    let count = 0;
    for (let length = 0; count < queue.length && count < maxBatchRecords && length < maxBatchLength; count++) {
      const item = queue[count];
      if (item === undefined || (item === this.#rotation && count > 0)) break;
      length += lineLength(item);
    }
    this.#queue = count === queue.length ? [] : queue.splice(count);
    this.#batch = queue;
    return queue;
  }

  /** The record that begins a segment comes after those that wait already: time runs forward in a log. */
  #queueRotation(): void {
    const reason = this.#store.due;
    if (this.failed || reason === undefined || this.#rotation !== undefined) return;
    this.#rotation = this.#hooks.rotating(reason);
    this.add(this.#rotation);
  }

  /** Writes a batch, if need be to a new segment: a file that failed once is never trusted again. */
  async #commit(batch: readonly T[]): Promise<{ readonly cause: unknown } | undefined> {
    const lines = batch.map(lineOf);
    const rotates = batch[0] !== undefined && batch[0] === this.#rotation;
    try {
      await this.#hooks.mayWrite();
      if (rotates) await this.#store.begin(lines);
      else await this.#store.append(lines);
      return undefined;
    } catch (first) {
      const abandoned = this.#store.current;
      try {
        await this.#hooks.mayWrite();
        await this.#store.begin(lines);
      } catch (cause) {
        return { cause };
      }
      // A segment that was full or old is whole; only its successor could not be opened at once.
      if (!rotates) this.#hooks.onReplaced(abandoned, first);
      return undefined;
    }
  }

  #fail(batch: readonly T[], error: unknown): void {
    const waiting = this.#queue;
    this.#queue = [];
    this.#rotation = undefined;
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
