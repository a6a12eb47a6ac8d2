/** What the guard promises, one sentence each. A test cites the id of what it proves; `coverage.test.ts` fails for an id without a test. */
export interface Requirement {
  /** The promise, as a sentence that a reader can check. */
  readonly text: string;
  /** Where it comes from: the station of the walk (docs/architecture.md) and the section of the standard. */
  readonly source: string;
}
