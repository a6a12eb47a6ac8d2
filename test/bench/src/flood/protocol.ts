/** Why a token is not valid: it is none, its key does not exist, or the key did not sign it. */
export type InvalidKind = 'garbage' | 'unknown-key' | 'bad-signature';

export interface FloodOrder {
  readonly kind: InvalidKind;
  readonly count: number;
}

/** What the process says when it is ready and after each order, with the garbage collected. */
export interface FloodResult {
  readonly elapsedMs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** The first outcome that was not the right refusal. */
  readonly wrong?: string;
}
