import { identityKey, Refusal, type RateLimiter } from '@sallyport/core';
import { addressBlock } from '../network/client-address.ts';
import type { Station } from '../passage/station.ts';
import { allowedMethods } from './route.ts';

/** Station 5: limits by principal. Then GET and DELETE that nothing serves are 405. */
export const limitStation: Station = {
  name: 'limit',
  async run(passage, req, res) {
    const { runtime, principal } = passage;
    if (principal) await requireLimit(runtime.principalLimiter, identityKey(principal));
    else await requireLimit(runtime.anonymousLimiter, addressBlock(passage.ip));
    const { legacy } = runtime.config;
    if (req.method === 'POST' || legacy === 'handler') return;
    res.setHeader('Allow', allowedMethods(legacy));
    throw new Refusal('method_not_allowed');
  },
};

/** Counts one request; refuses with 429 beyond the limit and with 503 when a shared counter can not be reached. */
export async function requireLimit(limiter: RateLimiter, key: string): Promise<void> {
  const result = await limiter.consume(key).catch((cause: unknown) => {
    throw new Refusal('store_down', { retryAfterSeconds: 1, cause });
  });
  if (!result.allowed) throw new Refusal('rate_limited', { retryAfterSeconds: result.retryAfterMs / 1000 });
}
