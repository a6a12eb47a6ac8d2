import { CardProblem } from './card-problem.ts';

/** More mistakes than anybody reads; the rest is counted. */
const maxKept = 200;

/** The mistakes of a document, collected while it is read: whoever corrects it learns all of them at once. */
export class ProblemList {
  readonly #kept: CardProblem[] = [];
  #total = 0;

  add(...problems: readonly CardProblem[]): void {
    this.#total += problems.length;
    this.#kept.push(...problems.slice(0, Math.max(0, maxKept - this.#kept.length)));
  }

  /** What `read` returns, or `undefined` when it throws a `CardProblem`, which is noted. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CardProblem)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /** In the order they were found. At most 200. */
  get kept(): readonly CardProblem[] {
    return this.#kept;
  }

  /** How many there are, also of those that were not kept. */
  get total(): number {
    return this.#total;
  }
}
