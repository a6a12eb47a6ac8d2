import type { RateLimit } from '@sallyport/core';

/** `50/s`, `3000/m`, `100/10s`, `1000/h`: how many, in how many seconds, minutes or hours. */
export const ratePattern: RegExp = /^[1-9][0-9]{0,8}\/(?:[1-9][0-9]{0,3})?[smh]$/;

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads a rate that matches `ratePattern`. */
export function readRate(text: string): RateLimit {
  const slash = text.indexOf('/');
  const count = text.slice(slash + 1, -1);
  const unit = text.at(-1) as keyof typeof unitMs;
  return { points: Number(text.slice(0, slash)), windowMs: (count === '' ? 1 : Number(count)) * unitMs[unit] };
}

/** The longest window: a day. */
export const maxWindowMs: number = 86_400_000;
