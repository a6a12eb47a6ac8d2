import { createHash } from 'node:crypto';
import { identityKey, Refusal, type KeyValueStore, type Principal } from '@sallyport/core';

/** Whom each session of a sessionful 2025-era handler belongs to. Session ids are kept only as hashes. */
export interface SessionBindings {
  /** Binds the session id of an `initialize` answer to the caller. */
  bind(sessionId: string, owner: Principal): Promise<void>;
  /**
   * Requires that the session belongs to the caller.
   *
   * @throws Refusal `session_unknown` or `cross_principal`: the same answer, so that nobody learns which ids exist
   */
  requireOwner(sessionId: string, caller: Principal): Promise<void>;
  end(sessionId: string): Promise<void>;
}

const idleMs = 24 * 60 * 60 * 1000;

export function createSessionBindings(store: KeyValueStore): SessionBindings {
  return {
    bind: (sessionId, owner) => store.set(keyOf(sessionId), identityKey(owner), idleMs),
    async requireOwner(sessionId, caller) {
      const key = keyOf(sessionId);
      const owner = await store.get(key);
      if (owner === undefined) throw new Refusal('session_unknown');
      if (owner !== identityKey(caller)) throw new Refusal('cross_principal');
      await store.set(key, owner, idleMs);
    },
    async end(sessionId) {
      await store.delete(keyOf(sessionId));
    },
  };
}

function keyOf(sessionId: string): string {
  return `session:${createHash('sha256').update(sessionId).digest('base64url')}`;
}
