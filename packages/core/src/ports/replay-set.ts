/**
 * Remembers for a while what may happen only once, such as the use of a DPoP proof. Adding is atomic: of several that add the
 * same key at the same time exactly one is told that it is new.
 */
export interface ReplaySet {
  /**
   * Remembers `key` for `ttlMs` milliseconds, from its first use on.
   *
   * True when the key was not there: go on. False when it was: a replay. Throws or rejects when it can not be remembered, because
   * a shared store can not be reached or there is no room; whoever asks must then refuse.
   */
  add(key: string, ttlMs: number): boolean | Promise<boolean>;
}
