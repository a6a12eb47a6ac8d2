import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@sallyport/core';

/** Nonces for DPoP proofs (RFC 9449 §8, §9). */
export interface NonceSource {
  /** The nonce to hand out now. */
  current(): string;
  /** Whether a nonce was handed out by us or by a process with the same key, not too long ago. */
  accepts(nonce: string): boolean;
}

export interface NonceSourceOptions {
  /** What the nonces are for: those for another resource are not accepted, also with the same key. */
  readonly resource: string;
  /** Default: random, so that only this process accepts them. */
  readonly key?: string | undefined;
  readonly lifetimeSeconds: number;
  readonly clock: Clock;
}

/**
 * Nonces that nothing has to be remembered for: the MAC of a time slot. A slot is half a lifetime; the nonces of this slot, the one before
 * and, for the sake of processes whose clocks are ahead, the one after are accepted.
 */
export function createNonceSource(options: NonceSourceOptions): NonceSource {
  const { resource, key = randomBytes(32), lifetimeSeconds, clock } = options;
  const slotMs = (lifetimeSeconds * 1_000) / 2;
  let known: { readonly slot: number; readonly nonces: readonly [string, string, string] } | undefined;

  function nonceOf(slot: number): string {
    return createHmac('sha256', key)
      .update(`sallyport dpop nonce\n${slotMs}\n${slot}\n${resource}`)
      .digest('base64url');
  }

  function nonces(): readonly [string, string, string] {
    const slot = Math.floor(clock.now() / slotMs);
    if (known?.slot !== slot) known = { slot, nonces: [nonceOf(slot), nonceOf(slot - 1), nonceOf(slot + 1)] };
    return known.nonces;
  }

  return {
    current: () => nonces()[0],
    accepts(nonce) {
      const given = Buffer.from(nonce);
      let accepted = false;
      for (const one of nonces()) {
        const expected = Buffer.from(one);
        if (given.length === expected.length && timingSafeEqual(given, expected)) accepted = true;
      }
      return accepted;
    },
  };
}
