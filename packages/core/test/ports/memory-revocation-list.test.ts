import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryRevocationList, type MemoryRevocationList } from '../../src/ports/memory-revocation-list.ts';
import type { RevocableToken, Revocation } from '../../src/ports/revocation-list.ts';
import { heldClock, type HeldClock } from '../support/held-clock.ts';

const issuer = 'https://as.example';
const hour = 3_600_000;

let clock: HeldClock;
let list: MemoryRevocationList;

beforeEach(() => {
  clock = heldClock();
  list = createMemoryRevocationList({ clock });
});

function token(changes: Partial<RevocableToken> = {}): RevocableToken {
  return { issuer, subject: 'alice', tokenId: 'token-1', sessionId: 'session-1', issuedAt: 1_000, ...changes };
}

function subject(changes: Partial<Extract<Revocation, { kind: 'subject' }>> = {}): Revocation {
  return { kind: 'subject', issuer, subject: 'alice', issuedUpTo: 1_000, ...changes };
}

function revoke(entry: Revocation, forMs = hour): void {
  list.revoke(entry, clock.now() + forMs);
}

describe('a revocation list in memory', () => {
  test('revokes nothing by itself', () => {
    expect(list.isRevoked(token())).toBe(false);
    expect(list.size).toBe(0);
  });

  test('revokes one token by its id', () => {
    revoke({ kind: 'token', issuer, tokenId: 'token-1' });
    expect(list.isRevoked(token())).toBe(true);
    expect(list.isRevoked(token({ tokenId: 'token-2' }))).toBe(false);
    expect(list.isRevoked(token({ tokenId: null }))).toBe(false);
  });

  test('revokes every token of a session', () => {
    revoke({ kind: 'session', issuer, sessionId: 'session-1' });
    expect(list.isRevoked(token({ tokenId: 'token-9', issuedAt: 9_999 }))).toBe(true);
    expect(list.isRevoked(token({ sessionId: 'session-2' }))).toBe(false);
    expect(list.isRevoked(token({ sessionId: null }))).toBe(false);
  });

  test('revokes the tokens of a subject that were issued until then, and not those of a later sign-in', () => {
    revoke(subject());
    expect(list.isRevoked(token({ issuedAt: 999 }))).toBe(true);
    expect(list.isRevoked(token({ issuedAt: 1_000 }))).toBe(true);
    expect(list.isRevoked(token({ issuedAt: 1_000.5 }))).toBe(false);
    expect(list.isRevoked(token({ subject: 'bob' }))).toBe(false);
  });

  test('takes a token that does not say when it was issued for an old one', () => {
    revoke(subject());
    expect(list.isRevoked(token({ issuedAt: null }))).toBe(true);
  });

  test('can spare the tokens of a subject of which the session is known', () => {
    revoke(subject({ sessionlessOnly: true }));
    expect(list.isRevoked(token())).toBe(false);
    expect(list.isRevoked(token({ sessionId: null }))).toBe(true);
    revoke(subject());
    expect(list.isRevoked(token())).toBe(true);
  });

  test('keeps the issuers apart, and one kind of identifier from another', () => {
    revoke({ kind: 'token', issuer: 'https://other.example', tokenId: 'token-1' });
    revoke({ kind: 'session', issuer, sessionId: 'token-1' });
    revoke(subject({ subject: 'session-1' }));
    expect(list.isRevoked(token())).toBe(false);
  });

  test('names like __proto__ are names like any other', () => {
    expect(list.isRevoked(token({ subject: '__proto__', tokenId: 'constructor', sessionId: '__proto__' }))).toBe(false);
    revoke({ kind: 'session', issuer, sessionId: '__proto__' });
    expect(list.isRevoked(token({ sessionId: '__proto__' }))).toBe(true);
  });

  test('forgets an entry when it has ended, and nothing before', () => {
    revoke({ kind: 'token', issuer, tokenId: 'token-1' }, 1_000);
    clock.advance(999);
    expect(list.isRevoked(token())).toBe(true);
    clock.advance(1);
    expect(list.isRevoked(token())).toBe(false);
    expect(list.size).toBe(0);
  });

  test('an entry that is over already changes nothing', () => {
    revoke({ kind: 'token', issuer, tokenId: 'token-1' }, 0);
    expect(list.isRevoked(token())).toBe(false);
  });

  test('of two revocations of the same the longer and wider holds, in either order', () => {
    for (const [first, second] of [
      [hour, 2 * hour],
      [2 * hour, hour],
    ] as const) {
      list = createMemoryRevocationList({ clock });
      revoke(subject({ issuedUpTo: 1_000 }), first);
      revoke(subject({ issuedUpTo: 900 }), second);
      clock.advance(1.5 * hour);
      expect(list.isRevoked(token())).toBe(true);
      expect(list.size).toBe(1);
      clock.advance(hour);
      expect(list.isRevoked(token())).toBe(false);
      expect(list.size).toBe(0);
    }
  });

  test('revoking the same again and again takes no more memory', () => {
    list = createMemoryRevocationList({ clock, maxEntries: 2 });
    for (let i = 0; i < 1_000; i += 1) revoke(subject({ issuedUpTo: i }), hour + i);
    expect(list.size).toBe(1);
  });

  test('says so when it is full, forgets nothing, and takes entries again when others have ended', () => {
    list = createMemoryRevocationList({ clock, maxEntries: 2 });
    revoke({ kind: 'token', issuer, tokenId: 'token-1' }, 1_000);
    revoke(subject());
    expect(() => revoke({ kind: 'token', issuer, tokenId: 'token-2' })).toThrow(/full/);
    expect(list.isRevoked(token({ subject: 'bob' }))).toBe(true);
    expect(list.isRevoked(token({ tokenId: null }))).toBe(true);
    revoke(subject({ issuedUpTo: 2_000 }));
    clock.advance(1_000);
    revoke({ kind: 'token', issuer, tokenId: 'token-2' });
    expect(list.isRevoked(token({ tokenId: 'token-2', subject: 'bob' }))).toBe(true);
  });

  test.each([NaN, Infinity, -Infinity])('does not take %d for a time', (time) => {
    expect(() => list.revoke({ kind: 'token', issuer, tokenId: 'token-1' }, time)).toThrow(RangeError);
    expect(() => list.revoke(subject({ issuedUpTo: time }), clock.now() + hour)).toThrow(RangeError);
    expect(list.size).toBe(0);
  });

  test.each([0, -1, 1.5, NaN])('needs a positive number of entries, not %d', (maxEntries) => {
    expect(() => createMemoryRevocationList({ maxEntries })).toThrow(RangeError);
  });
});
