import { systemClock, type Clock } from './clock.ts';
import { createExpiryQueue } from './expiry-queue.ts';
import type { RevocableToken, Revocation, RevocationList } from './revocation-list.ts';

export interface MemoryRevocationListOptions {
  /** Entries kept at a time, default 100,000. Beyond, nothing is revoked any more: to forget an entry would let its tokens in again. */
  readonly maxEntries?: number;
  /** Its wall clock is used: `untilMs` is compared with what tokens expire by. */
  readonly clock?: Clock;
}

/** A revocation list that answers at once. */
export interface MemoryRevocationList extends RevocationList {
  /** Entries that have not ended. */
  readonly size: number;
  revoke(entry: Revocation, untilMs: number): void;
  isRevoked(token: RevocableToken): boolean;
}

interface Entry {
  untilMs: number;
  /** Tokens issued later hold. */
  issuedUpTo: number;
}

/**
 * A revocation list in the memory of this process, for one process; it does not survive the process. Entries that have ended make room;
 * others never do. There are no timers.
 *
 * @throws RangeError when `maxEntries` is not a positive integer. `revoke` throws one when `untilMs` or `issuedUpTo` is not a finite
 * number, and an `Error` when the list is full.
 */
export function createMemoryRevocationList(options: MemoryRevocationListOptions = {}): MemoryRevocationList {
  const { maxEntries = 100_000, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new RangeError(`maxEntries: ${maxEntries} is not a positive integer`);
  }
  const entries = new Map<string, Entry>();
  // Has every key once, under an end that is not after the true one.
  const queue = createExpiryQueue();

  return {
    get size() {
      forgetEnded(clock.now());
      return entries.size;
    },
    revoke(entry, untilMs) {
      const issuedUpTo = entry.kind === 'subject' ? entry.issuedUpTo : Infinity;
      if (!Number.isFinite(untilMs)) throw new RangeError(`untilMs: ${untilMs} is not a finite number`);
      if (entry.kind === 'subject' && !Number.isFinite(issuedUpTo))
        throw new RangeError(`issuedUpTo: ${issuedUpTo} is not a finite number`);
      const nowMs = clock.now();
      forgetEnded(nowMs);
      if (untilMs <= nowMs) return;
      const key = keyOfEntry(entry);
      const known = entries.get(key);
      if (known !== undefined) {
        known.untilMs = Math.max(known.untilMs, untilMs);
        known.issuedUpTo = Math.max(known.issuedUpTo, issuedUpTo);
        return;
      }
      if (entries.size >= maxEntries) throw new Error(`the revocation list is full: ${maxEntries} entries`);
      entries.set(key, { untilMs, issuedUpTo });
      queue.push(key, untilMs);
    },
    isRevoked(token) {
      if (entries.size === 0) return false;
      const nowMs = clock.now();
      const { issuer, subject, tokenId, sessionId, issuedAt } = token;
      const concerns = (key: string): boolean => {
        const entry = entries.get(key);
        return entry !== undefined && nowMs < entry.untilMs && (issuedAt ?? -Infinity) <= entry.issuedUpTo;
      };
      return (
        (tokenId !== null && concerns(keyOf('token', issuer, tokenId))) ||
        (sessionId === null
          ? concerns(keyOf('sessionless', issuer, subject))
          : concerns(keyOf('session', issuer, sessionId))) ||
        concerns(keyOf('subject', issuer, subject))
      );
    },
  };

  function forgetEnded(nowMs: number): void {
    for (let key = queue.takeOver(nowMs); key !== undefined; key = queue.takeOver(nowMs)) {
      const entry = entries.get(key);
      if (entry === undefined) continue;
      if (entry.untilMs > nowMs) queue.push(key, entry.untilMs);
      else entries.delete(key);
    }
  }
}

function keyOfEntry(entry: Revocation): string {
  switch (entry.kind) {
    case 'token':
      return keyOf('token', entry.issuer, entry.tokenId);
    case 'session':
      return keyOf('session', entry.issuer, entry.sessionId);
    case 'subject':
      return keyOf(entry.sessionlessOnly === true ? 'sessionless' : 'subject', entry.issuer, entry.subject);
  }
}

function keyOf(kind: Revocation['kind'] | 'sessionless', issuer: string, identifier: string): string {
  return JSON.stringify([kind, issuer, identifier]);
}
