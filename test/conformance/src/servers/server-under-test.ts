/** A running server that the suite can be pointed at. */
export interface ServerUnderTest {
  /** The MCP endpoint, as the suite calls it. */
  readonly url: string;
  /** Ends it, and says what was wrong with it itself, whatever the suite saw. */
  close(): Promise<readonly string[]>;
}
