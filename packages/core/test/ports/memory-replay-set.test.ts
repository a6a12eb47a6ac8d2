import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryReplaySet } from '../../src/ports/memory-replay-set.ts';
import { heldClock } from '../support/held-clock.ts';

describe('createMemoryReplaySet', () => {
  test('says that a key is new once, until its time is over (E-19)', () => {
    const clock = heldClock();
    const set = createMemoryReplaySet({ maxEntries: 10, clock });
    expect(set.add('a', 1_000)).toBe(true);
    expect(set.add('a', 1_000)).toBe(false);
    clock.advance(999);
    expect(set.add('a', 1_000)).toBe(false);
    clock.advance(1);
    expect(set.add('a', 1_000)).toBe(true);
  });

  test('counts from the first use: a replay does not make a key live longer', () => {
    const clock = heldClock();
    const set = createMemoryReplaySet({ maxEntries: 10, clock });
    set.add('a', 1_000);
    clock.advance(600);
    expect(set.add('a', 1_000)).toBe(false);
    clock.advance(400);
    expect(set.add('a', 1_000)).toBe(true);
  });

  test('takes nothing more when it is full, and forgets nothing that still counts (E-22)', () => {
    const clock = heldClock();
    const set = createMemoryReplaySet({ maxEntries: 2, clock });
    set.add('long', 10_000);
    set.add('short', 1_000);
    expect(() => set.add('third', 1_000)).toThrow('full');
    expect(set.add('long', 1_000)).toBe(false);
    expect(set.add('short', 1_000)).toBe(false);
    clock.advance(1_000);
    expect(set.add('third', 1_000)).toBe(true);
    expect(set.add('long', 1_000)).toBe(false);
  });

  test('is not confused by a wall clock that jumps', () => {
    const clock = heldClock();
    const set = createMemoryReplaySet({ maxEntries: 10, clock });
    set.add('a', 1_000);
    clock.wallMs += 86_400_000;
    expect(set.add('a', 1_000)).toBe(false);
    clock.wallMs -= 172_800_000;
    clock.advance(1_000);
    expect(set.add('a', 1_000)).toBe(true);
  });

  test('keeps keys apart, whatever they are called', () => {
    const set = createMemoryReplaySet({ maxEntries: 10 });
    for (const key of ['', '__proto__', 'constructor', 'a', 'A']) expect(set.add(key, 1_000)).toBe(true);
    expect(set.add('__proto__', 1_000)).toBe(false);
  });

  test('behaves like a list of everything that was ever added', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      ttlMs: fc.integer({ min: 1, max: 50 }),
      wait: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const clock = heldClock();
        const set = createMemoryReplaySet({ maxEntries: 3, clock });
        const ends = new Map<string, number>();
        let now = 0;
        for (const { key, ttlMs, wait } of steps) {
          clock.advance(wait);
          now += wait;
          for (const [old, end] of ends) if (end <= now) ends.delete(old);
          if (ends.has(key)) expect(set.add(key, ttlMs)).toBe(false);
          else if (ends.size === 3) expect(() => set.add(key, ttlMs)).toThrow('full');
          else {
            expect(set.add(key, ttlMs)).toBe(true);
            ends.set(key, now + ttlMs);
          }
        }
      }),
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a lifetime of %s', (ttlMs) => {
    expect(() => createMemoryReplaySet({ maxEntries: 1 }).add('a', ttlMs)).toThrow(RangeError);
  });

  test.each([0, 1.5, Number.NaN])('refuses room for %s entries', (maxEntries) => {
    expect(() => createMemoryReplaySet({ maxEntries })).toThrow('maxEntries');
  });
});
