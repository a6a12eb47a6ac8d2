/** Work in steps: it may be interrupted, and others may run, wherever it yields. */
export type Steps<T> = Generator<void, T, void>;

/** Does all of it at once. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Characters read or written in one step: some ten microseconds. */
export const stepLength = 16_384;

/** Says when a step has been long enough. */
export class Pace {
  #left: number = stepLength;

  /** Counts what was done, in characters or what takes as long. True when it is time to yield. */
  spend(cost: number): boolean {
    this.#left -= cost;
    if (this.#left > 0) return false;
    this.#left = stepLength;
    return true;
  }
}
