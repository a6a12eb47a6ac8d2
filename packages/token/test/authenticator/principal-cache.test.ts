import { describe, expect, it } from 'vitest';
import { PrincipalCache, tokenDigest } from '../../src/authenticator/principal-cache.ts';
import type { VerifiedToken } from '../../src/authenticator/verified-token.ts';

function entry(name: string, more: object = {}): VerifiedToken {
  return { principal: { subject: name, ...more }, confirmation: null, issuer: {}, key: {} } as unknown as VerifiedToken;
}

describe('PrincipalCache', () => {
  // @verifies TOKEN-CACHE-BOUNDED
  it('drops the least recently used entry when it is full', () => {
    const cache = new PrincipalCache({ maxEntries: 2, maxBytes: 1e6 });
    cache.set('a', entry('a'));
    cache.set('b', entry('b'));
    cache.get('a');
    cache.set('c', entry('c'));
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
    for (let index = 0; index < 10_000; index += 1) cache.set(`k${index}`, entry('x'.repeat(500)));
    expect(cache.size).toBe(6);
    for (let index = 0; index < 10_000; index += 1) cache.delete(`k${index}`);
    expect(cache.size).toBe(0);
    cache.set('a', entry('a'.repeat(500)));
    cache.set('a', entry('a'.repeat(500)));
    expect(cache.size).toBe(1);
    cache.set('too large', entry('x'.repeat(20_000)));
    expect(cache.size).toBe(0);
  });

  // @verifies TOKEN-CACHE-BOUNDED
  it.each([
    ['scopes', { scopes: Array.from({ length: 1_000 }, (_, index) => `scope-${index}`) }],
    ['groups', { groups: Array.from({ length: 1_000 }, (_, index) => `group-${index}`) }],
    ['roles', { roles: Array.from({ length: 1_000 }, (_, index) => `r${index}`) }],
    ['methods of the sign-in', { amr: Array.from({ length: 1_000 }, () => '') }],
    ['actors', { actors: Array.from({ length: 100 }, () => ({ issuer: 'i'.repeat(50), subject: 's'.repeat(50) })) }],
  ])('counts what an entry holds, not how short its token is: %s', (_what, more) => {
    const cache = new PrincipalCache({ maxEntries: 1_000, maxBytes: 100_000 });
    for (let index = 0; index < 10; index += 1) cache.set(`k${index}`, entry('x', more));
    expect(cache.size).toBeGreaterThan(0);
    expect(cache.size).toBeLessThan(8);
  });

  it('keeps nothing when it may not', () => {
    const cache = new PrincipalCache({ maxEntries: 0, maxBytes: 1e6 });
    cache.set('a', entry('a'));
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
