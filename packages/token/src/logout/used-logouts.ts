import { hash } from 'node:crypto';
import { Refusal, type Clock, type ReplaySet } from '@sallyport/core';
import { refuse } from '../refuse.ts';

/** Which logout tokens were carried out. A replay set can only be told of one, not asked, so this process also knows its own. */
export interface UsedLogouts {
  /** Throws `Refusal` `logout_invalid` when this process carried the token out before. */
  requireUnused(key: string): void;
  /** Remembers a token that was carried out. Rejects with `Refusal`: `logout_invalid` when somebody else did before, or `store_down`. */
  add(key: string, ttlMs: number): Promise<void>;
}

/** Keys of our own kept at a time. Beyond, the oldest is forgotten: what it would do again it did already, and the replay set refuses it. */
const maxKnown = 100_000;

export function createUsedLogouts(replays: ReplaySet, clock: Clock): UsedLogouts {
  const known = new Map<string, bigint>();
  return {
    requireUnused(key) {
      const endNs = known.get(key);
      if (endNs !== undefined && clock.monotonicNs() < endNs) throw usedBefore();
    },
    async add(key, ttlMs) {
      let isNew: boolean;
      try {
        isNew = await replays.add(`logout:${key}`, ttlMs);
      } catch (cause) {
        throw new Refusal('store_down', { retryAfterSeconds: 1, cause });
      }
      const nowNs = clock.monotonicNs();
      for (const [one, endNs] of known) {
        if (endNs > nowNs && known.size < maxKnown) break;
        known.delete(one);
      }
      known.set(key, nowNs + BigInt(ttlMs) * 1_000_000n);
      if (!isNew) throw usedBefore();
    },
  };
}

/** Names a logout token: its issuer and its `jti`, hashed because a shared store may see it. */
export function logoutKey(issuer: string, tokenId: string): string {
  return hash('sha256', JSON.stringify([issuer, tokenId]), 'base64url');
}

function usedBefore(): Refusal {
  return refuse('logout_invalid', 'the token was used before');
}
