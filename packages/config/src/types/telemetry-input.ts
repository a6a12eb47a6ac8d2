/** Spans and metrics, as the file writes it. */
export interface TelemetryInput {
  /** Whether spans are made, or only the caller's context is passed on, or nothing. Default `spans`. */
  readonly mode?: 'spans' | 'propagation-only' | 'off';
  /** The text of the OpenTelemetry semantic conventions that is followed. Default `1.41`. */
  readonly conventions?: '1.41' | 'gen_ai_latest_experimental';
  /** What the trace context of a caller is to a call. Default `parent`. */
  readonly remoteParent?: 'parent' | 'link' | 'ignore';
  /** What of the content of tool calls is put on spans, redacted. Default `none`. */
  readonly content?: 'none' | 'arguments' | 'arguments-and-results';
  /** A scrape endpoint. Default: none. */
  readonly prometheus?: PrometheusInput;
}

/** A Prometheus scrape endpoint, as the file writes it. */
export interface PrometheusInput {
  /** Whether a listener of its own is opened. Default true. */
  readonly listen?: boolean;
  /** Address that is listened at. Default `127.0.0.1`. */
  readonly host?: string;
  /** Port that is listened at, 0 for a free one. Default 9464. */
  readonly port?: number;
  /** The one path that is served. Default `/metrics`. */
  readonly path?: string;
}
