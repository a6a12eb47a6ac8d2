import { hash } from 'node:crypto';
import { Refusal, type Clock, type ReplaySet } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import type { VerifiedProof } from './proof-verifier.ts';

/** Time that the clocks of two processes with one replay set may differ by. */
const CLOCK_MARGIN_SECONDS = 10;

/**
 * Remembers a proof until it would be refused for its age, and refuses it when it was there already (RFC 9449 §11.1). Call it last: what
 * is refused for another reason must not fill the set.
 *
 * Throws or rejects with `Refusal`: `replay`, or `replay_store_down` (503) when it can not be remembered.
 */
export async function requireFirstUse(proof: VerifiedProof, replays: ReplaySet, clock: Clock): Promise<void> {
  // A digest, so that every entry has the same size; the thumbprint has no dot in it, so that two pairs never look alike.
  const key = `dpop:${hash('sha256', `${proof.thumbprint}.${proof.jti}`, 'base64url')}`;
  const secondsLeft = Math.max(0, proof.acceptedUntil - clock.now() / 1_000);
  let isNew: boolean;
  try {
    isNew = await replays.add(key, (secondsLeft + CLOCK_MARGIN_SECONDS) * 1_000);
  } catch (cause) {
    throw new Refusal('replay_store_down', { retryAfterSeconds: 1, cause });
  }
  if (!isNew) throw refuse('replay', 'the proof was used before');
}
