import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit, RateLimiter, RateLimitResult } from './rate-limiter.ts';

/** Windows kept at a time. Beyond, the oldest is forgotten: memory stays bounded, that caller starts a new window. */
const maxKeys = 100_000;

/** Longest window in milliseconds: what a timer can hold. */
const maxWindowMs = 2_147_483_647;

const allowed: RateLimitResult = Object.freeze({ allowed: true, retryAfterMs: 0 });

/**
 * A rate limiter in the memory of this process, for one process. A key's window starts with its first request. It keeps at
 * most 100,000 windows and does not keep the process alive.
 *
 * @throws RangeError when `points` is not a positive integer or `windowMs` not an integer from 1 to 2,147,483,647.
 */
export function createMemoryRateLimiter(limit: RateLimit): RateLimiter {
  const { points, windowMs } = limit;
  if (!Number.isSafeInteger(points) || points < 1) throw new RangeError(`points: ${points} is not a positive integer`);
  if (!Number.isSafeInteger(windowMs) || windowMs < 1 || windowMs > maxWindowMs) {
    throw new RangeError(`windowMs: ${windowMs} is not an integer from 1 to ${maxWindowMs}`);
  }
  const limiter = new RateLimiterMemory({ points, duration: windowMs / 1_000 });
  // Keys in the order their windows began, which is the order they end in.
  const windows = new Set<string>();

  return {
    async consume(key) {
      const result = await limiter.consume(key).catch(refusedResult);
      if (result.isFirstInDuration) await remember(key);
      if (result.consumedPoints <= points) return allowed;
      return { allowed: false, retryAfterMs: Math.max(1, Math.ceil(result.msBeforeNext)) };
    },
  };

  async function remember(key: string): Promise<void> {
    windows.delete(key);
    windows.add(key);
    if (windows.size <= maxKeys) return;
    const oldest = windows.values().next().value as string;
    windows.delete(oldest);
    await limiter.delete(oldest);
  }
}

// The library rejects with the state of the window when nothing is left in it.
function refusedResult(rejection: unknown): RateLimiterRes {
  if (rejection instanceof RateLimiterRes) return rejection;
  throw rejection;
}
