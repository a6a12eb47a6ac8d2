import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryRateLimiter } from '../../src/ports/memory-rate-limiter.ts';

describe('createMemoryRateLimiter', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('allows so many requests in a window and says when the next one is', async () => {
    const limiter = createMemoryRateLimiter({ points: 2, windowMs: 1_000 });
    expect(await limiter.consume('a')).toEqual({ allowed: true, retryAfterMs: 0 });
    expect(await limiter.consume('a')).toEqual({ allowed: true, retryAfterMs: 0 });
    expect(await limiter.consume('a')).toEqual({ allowed: false, retryAfterMs: 1_000 });
    vi.advanceTimersByTime(400);
    expect(await limiter.consume('a')).toEqual({ allowed: false, retryAfterMs: 600 });
  });

  test('starts a new window when the old one is over', async () => {
    const limiter = createMemoryRateLimiter({ points: 1, windowMs: 1_000 });
    await limiter.consume('a');
    vi.advanceTimersByTime(1_000);
    expect((await limiter.consume('a')).allowed).toBe(true);
    expect((await limiter.consume('a')).allowed).toBe(false);
  });

  test('counts each key by itself', async () => {
    const limiter = createMemoryRateLimiter({ points: 1, windowMs: 1_000 });
    await limiter.consume('a');
    for (const key of ['b', '', '__proto__', 'a:', 'A']) expect((await limiter.consume(key)).allowed).toBe(true);
    expect((await limiter.consume('a')).allowed).toBe(false);
  });

  test('forgets the oldest window beyond 100,000', async () => {
    const limiter = createMemoryRateLimiter({ points: 1, windowMs: 60_000 });
    await limiter.consume('first');
    await limiter.consume('second');
    for (let index = 0; index < 99_999; index += 1) await limiter.consume(`key-${index}`);
    expect((await limiter.consume('second')).allowed).toBe(false);
    expect((await limiter.consume('first')).allowed).toBe(true);
  });

  test('keeps no timer that would keep the process alive', async () => {
    vi.useRealTimers();
    const before = process.getActiveResourcesInfo().length;
    await createMemoryRateLimiter({ points: 1, windowMs: 2_147_483_647 }).consume('a');
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });

  test('passes on an error that is no refusal', async () => {
    const limiter = createMemoryRateLimiter({ points: 1, windowMs: 1_000 });
    await expect(limiter.consume(Symbol('no key') as unknown as string)).rejects.toThrow(TypeError);
  });

  test.each([
    [{ points: 0, windowMs: 1 }, 'points'],
    [{ points: 1.5, windowMs: 1 }, 'points'],
    [{ points: 1, windowMs: 0 }, 'windowMs'],
    [{ points: 1, windowMs: 2_147_483_648 }, 'windowMs'],
    [{ points: 1, windowMs: Number.NaN }, 'windowMs'],
  ])('refuses the limit %j', (limit, field) => {
    expect(() => createMemoryRateLimiter(limit)).toThrow(field);
  });
});
