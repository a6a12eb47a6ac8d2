import { describe, expect, it } from 'vitest';
import { PrincipalCache, tokenDigest } from '../../src/authenticator/principal-cache.ts';
import type { VerifiedToken } from '../../src/authenticator/verified-token.ts';

function entry(name: string): VerifiedToken {
  return { principal: { subject: name }, issuer: {}, key: {} } as unknown as VerifiedToken;
}

describe('PrincipalCache', () => {
  // @verifies TOKEN-CACHE-BOUNDED
  it('drops the least recently used entry when it is full', () => {
    const cache = new PrincipalCache({ maxEntries: 2, maxBytes: 1e6 });
    cache.set('a', entry('a'), 10);
    cache.set('b', entry('b'), 10);
    cache.get('a');
    cache.set('c', entry('c'), 10);
    expect([cache.get('a')?.principal.subject, cache.get('b'), cache.get('c')?.principal.subject]).toEqual([
      'a',
      undefined,
      'c',
    ]);
    expect(cache.size).toBe(2);
  });

  // @verifies TOKEN-CACHE-BOUNDED
  it('is bounded by bytes too, and forgets the bytes of what it dropped', () => {
    const cache = new PrincipalCache({ maxEntries: 1_000, maxBytes: 10_000 });
    for (let index = 0; index < 10_000; index += 1) cache.set(`k${index}`, entry('x'), 1_000);
    expect(cache.size).toBe(6);
    for (let index = 0; index < 10_000; index += 1) cache.delete(`k${index}`);
    expect(cache.size).toBe(0);
    cache.set('a', entry('a'), 1_000);
    cache.set('a', entry('a'), 1_000);
    expect(cache.size).toBe(1);
    cache.set('too large', entry('x'), 20_000);
    expect(cache.size).toBe(0);
  });

  it('keeps nothing when it may not', () => {
    const cache = new PrincipalCache({ maxEntries: 0, maxBytes: 1e6 });
    cache.set('a', entry('a'), 1);
    expect(cache.size).toBe(0);
  });
});

describe('tokenDigest', () => {
  it('depends on every byte (A-43, B-82)', () => {
    const digests = ['aa', 'ab', 'a', 'aa ', 'A'].map(tokenDigest);
    expect(new Set(digests).size).toBe(5);
    expect(tokenDigest('abc')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
  });
});
