import type { IncomingMessage, ServerResponse } from 'node:http';
import { identityKey, Refusal } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';
import { isOpenEnded } from './open-ended.ts';

/** How many open-ended streams one principal may hold. The SDK serves 1024 subscriptions in one process, whoever they are. */
export const maxOpenStreams = 64;

/** When a refused caller may try again. Nobody knows when one of its own streams will end. */
const retryAfterSeconds = 30;

/** How many open-ended streams every principal holds. */
export interface OpenStreams {
  /** False when the limit is reached. */
  take(key: string): boolean;
  release(key: string): void;
}

/** @param max streams per key */
export function createOpenStreams(max: number = maxOpenStreams): OpenStreams {
  const held = new Map<string, number>();
  return {
    take(key) {
      const count = held.get(key) ?? 0;
      if (count >= max) return false;
      held.set(key, count + 1);
      return true;
    },
    release(key) {
      const count = held.get(key) ?? 0;
      if (count > 1) held.set(key, count - 1);
      else held.delete(key);
    },
  };
}

/**
 * Counts a GET or a `subscriptions/listen` until its connection or its stream has ended.
 *
 * @throws Refusal `rate_limited` when its principal holds `maxOpenStreams` already
 */
export function holdStream(passage: Passage, req: IncomingMessage, res: ServerResponse): void {
  const { principal, runtime } = passage;
  if (!principal || !isOpenEnded(passage, req.method) || res.destroyed) return;
  const key = identityKey(principal);
  if (!runtime.openStreams.take(key)) throw new Refusal('rate_limited', { retryAfterSeconds });
  res.once('close', () => runtime.openStreams.release(key));
}
