/** A running server that the suite can be pointed at. */
export interface ServerUnderTest {
  /** The MCP endpoint, as the suite calls it. */
  readonly url: string;
  close(): Promise<void>;
}
