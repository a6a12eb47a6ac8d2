/**
 * Steps that the conditions of one decision may take together. A step is at most about a quarter of a microsecond, so whatever the
 * arguments are, a decision ends within some 25 ms. A condition that compares a few values takes next to none.
 */
export const maxSteps = 50_000;

/** Why a condition that needs more is not evaluated any further. */
export const tooManySteps = 'too many steps';

/** Counts the steps of one decision. */
export class Meter {
  #left = maxSteps;

  /** Whether more was asked for than there was: then no result of the evaluation counts. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Steps that were taken. */
  get spent(): number {
    return maxSteps - this.#left;
  }

  /** Throws when there are not enough steps left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Error(tooManySteps);
  }
}

// The evaluator hands nothing but operands to a function. Evaluation is synchronous, so one meter at a time is enough.
let current = new Meter();

/** Runs an evaluation that counts on this meter. */
export function measured<T>(meter: Meter, evaluate: () => T): T {
  const outer = current;
  current = meter;
  try {
    return evaluate();
  } finally {
    current = outer;
  }
}

/** Counts steps of the evaluation that is going on. Throws when there are not enough left. */
export function spend(steps: number): void {
  current.spend(steps);
}

/** Steps of going once through a text. */
export function textSteps(length: number): number {
  return Math.ceil(length / 32);
}
