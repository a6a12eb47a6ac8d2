/** Bounds of a JSON text. */
export interface JsonLimits {
  /** Deepest nesting of arrays and objects that is accepted; `{}` has depth 1. */
  readonly jsonDepth: number;
  /**
   * Largest number of values: containers and the names of members count too, an empty container may count twice.
   * Default 100,000.
   */
  readonly maxValues?: number;
}

export const defaultMaxValues = 100_000;

/** Notes for the record. */
export function tooDeep(maxDepth: number): string {
  return `nested deeper than ${maxDepth} levels`;
}

export function tooManyValues(maxValues: number): string {
  return `more than ${maxValues} values`;
}
