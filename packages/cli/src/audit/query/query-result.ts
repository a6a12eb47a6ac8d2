/** What a query came to. */
export interface QueryResult {
  /** Records of the log. */
  readonly total: number;
  /** Rows of the answer. */
  readonly shown: number;
  /** There are more rows, though nobody set a limit to them. */
  readonly cut: boolean;
}
