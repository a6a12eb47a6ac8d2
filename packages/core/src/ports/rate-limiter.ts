export interface RateLimitResult {
  readonly allowed: boolean;
  /** Milliseconds until a refused caller may try again; 0 when allowed. */
  readonly retryAfterMs: number;
}

/** Counts requests per key in fixed windows. Rejects only when a shared store can not be reached. */
export interface RateLimiter {
  consume(key: string): Promise<RateLimitResult>;
}

/** `points` requests in each window of `windowMs` milliseconds. */
export interface RateLimit {
  readonly points: number;
  readonly windowMs: number;
}
