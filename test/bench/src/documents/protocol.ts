/** What the server that compares is told: the bytes of the card, in base64. */
export interface StaticOrder {
  readonly body: string;
  readonly contentType: string;
}

/** One round of one case. */
export interface DocumentOrder {
  readonly origin: string;
  readonly path: string;
  /** Sent as `If-None-Match`. */
  readonly etag?: string;
  readonly status: number;
  /** Bytes of the body that must come. */
  readonly bytes: number;
  readonly connections: number;
  readonly durationMs: number;
}

export interface DocumentResult {
  readonly calls: number;
  readonly elapsedMs: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** The first answer that was not what it had to be. */
  readonly wrong?: string;
}
