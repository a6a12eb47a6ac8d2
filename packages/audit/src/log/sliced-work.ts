import type { Steps } from '@sallyport/core';

/** Milliseconds of one turn of the event loop. */
const turnMs = 0.4;

interface Task {
  readonly steps: Steps<unknown>;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Does work at once when it is short; else a little in each turn of the event loop, one task after the other, so that nothing of
 * it holds the loop.
 */
export class SlicedWork {
  #tasks: Task[] = [];
  #scheduled = false;
  #idle: (() => void)[] = [];

  /** Work that waits for turns. */
  get waiting(): number {
    return this.#tasks.length;
  }

  run<T>(steps: Steps<T>): T | Promise<T> {
    const step = steps.next();
    if (step.done === true) return step.value;
    return new Promise<T>((resolve, reject) => {
      this.#tasks.push({ steps, done: (value) => resolve(value as T), failed: reject });
      this.#schedule();
    });
  }

  async drained(): Promise<void> {
    if (this.#tasks.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const until = performance.now() + turnMs;
    while (performance.now() < until) {
      const task = this.#tasks.shift();
      if (task === undefined) break;
      if (!this.#step(task)) this.#tasks.push(task);
    }
    if (this.#tasks.length > 0) {
      this.#schedule();
      return;
    }
    const idle = this.#idle;
    this.#idle = [];
    // Whoever waits for the work hears of it first.
    if (idle.length > 0) setImmediate(() => idle.forEach((resolve) => resolve()));
  }

  /** True when the task has ended. */
  #step({ steps, done, failed }: Task): boolean {
    try {
      const step = steps.next();
      if (step.done !== true) return false;
      done(step.value);
    } catch (error) {
      failed(error);
    }
    return true;
  }
}
