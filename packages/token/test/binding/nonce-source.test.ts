import { describe, expect, it } from 'vitest';
import { createNonceSource, type NonceSource } from '../../src/binding/nonce-source.ts';
import { FakeClock } from '../support/fake-clock.ts';

const KEY = 'k'.repeat(32);

function source(
  clock: FakeClock,
  options: { key?: string; resource?: string; lifetimeSeconds?: number } = {},
): NonceSource {
  return createNonceSource({ resource: 'https://h/mcp', key: KEY, lifetimeSeconds: 300, clock, ...options });
}

describe('createNonceSource', () => {
  it('gives nonces of the characters of RFC 9449 §8.1', () => {
    expect(source(new FakeClock()).current()).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]{22,}$/);
  });

  it('accepts what it gave out, for at least half a lifetime and no longer than the whole (E-27)', () => {
    for (const offsetMs of [0, 1, 149_999, 75_000]) {
      const clock = new FakeClock();
      clock.skip(offsetMs);
      const nonces = source(clock);
      const nonce = nonces.current();
      expect(nonces.accepts(nonce)).toBe(true);
      clock.skip(150_000);
      expect(nonces.accepts(nonce)).toBe(true);
      clock.skip(150_000);
      expect(nonces.accepts(nonce)).toBe(false);
    }
  });

  it('gives another nonce after half a lifetime and the same one before', () => {
    const clock = new FakeClock();
    const nonces = source(clock);
    const first = nonces.current();
    expect(nonces.current()).toBe(first);
    clock.skip(150_000);
    expect(nonces.current()).not.toBe(first);
  });

  it('accepts what a process with the same key gave out, also when its clock is a little ahead (E-27)', () => {
    const clock = new FakeClock();
    const ahead = new FakeClock();
    ahead.skip(150_000);
    expect(source(clock).accepts(source(new FakeClock()).current())).toBe(true);
    expect(source(clock).accepts(source(ahead).current())).toBe(true);
    ahead.skip(150_000);
    expect(source(clock).accepts(source(ahead).current())).toBe(false);
  });

  it('accepts nothing of another key, of another resource, of a process without a key, or made up (E-27)', () => {
    const clock = new FakeClock();
    const nonces = source(clock);
    const own = nonces.current();
    const random = createNonceSource({ resource: 'https://h/mcp', lifetimeSeconds: 300, clock });
    expect(random.accepts(random.current())).toBe(true);
    const foreign = [
      source(clock, { key: 'x'.repeat(32) }).current(),
      source(clock, { resource: 'https://h/other' }).current(),
      source(clock, { lifetimeSeconds: 600 }).current(),
      random.current(),
      createNonceSource({ resource: 'https://h/mcp', lifetimeSeconds: 300, clock }).current(),
      ...[
        '',
        'x',
        own.slice(1),
        `${own}A`,
        own.toLowerCase(),
        `${own}=`,
        'ü'.repeat(own.length),
        '\u0000'.repeat(own.length),
      ],
    ];
    for (const nonce of foreign) expect(nonces.accepts(nonce), nonce).toBe(false);
  });
});
