import type { CopyWriter } from '../log/copy-writer.ts';
import type { Retention } from './retention.ts';

/** How often a segment is looked at that nobody writes to, and how often old ones are. */
const rotateMs = 60_000;
const retainMs = 3_600_000;

/** What a copy needs from time to time: a new segment when the open one is old, and old ones deleted. */
export class Maintenance {
  readonly #copy: CopyWriter;
  readonly #retention: Retention;
  readonly #timers: readonly NodeJS.Timeout[];
  #running: Promise<void> = Promise.resolve();

  constructor(copy: CopyWriter, retention: Retention) {
    this.#copy = copy;
    this.#retention = retention;
    this.#timers = [setInterval(() => copy.rotateIfDue(), rotateMs), setInterval(() => this.retain(), retainMs)];
    for (const timer of this.#timers) timer.unref();
    copy.onRotated = () => this.retain();
    this.retain();
  }

  retain(): void {
    const { opened } = this.#copy.store;
    if (opened === undefined) return;
    this.#running = this.#running.then(() => this.#retention.run()).then(opened.retainOthers);
  }

  /** Ends it, and waits for what is under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#copy.onRotated = undefined;
    await this.#running;
  }
}
