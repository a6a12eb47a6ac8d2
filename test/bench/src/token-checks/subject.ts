/** How an attempt ended: with a value or an error, at once or later. */
export interface Outcome {
  readonly value: unknown;
  readonly wasImmediate: boolean;
}

/** Somebody who checks tokens, with the tokens. */
export interface Subject {
  /** Set where each attempt uses something up that `prepare` makes. */
  readonly maxCallsPerSecond?: number;
  /** Makes what a round uses up, before it starts. */
  prepare?(calls: number): void;
  /** Checks the next token. Gives the outcome or a promise of it; a refusal is thrown. */
  attempt(): unknown;
  /** Whether the outcome is the one that the token has to have. */
  isRight(outcome: Outcome): boolean;
}
