import { describe, expect, test } from 'vitest';
import { createMemoryKeyValueStore } from '../../src/ports/memory-key-value-store.ts';
import { heldClock } from '../support/held-clock.ts';

describe('createMemoryKeyValueStore', () => {
  test('keeps a value until its time is over', async () => {
    const clock = heldClock();
    const store = createMemoryKeyValueStore({ maxEntries: 10, clock });
    await store.set('a', '1', 1_000);
    clock.advance(999);
    expect(await store.get('a')).toBe('1');
    clock.advance(1);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.delete('a')).toBe(false);
  });

  test('starts the time again with every write', async () => {
    const clock = heldClock();
    const store = createMemoryKeyValueStore({ maxEntries: 10, clock });
    await store.set('a', '1', 1_000);
    clock.advance(900);
    await store.set('a', '2', 1_000);
    clock.advance(900);
    expect(await store.get('a')).toBe('2');
  });

  test('is not confused by a wall clock that jumps', async () => {
    const clock = heldClock();
    const store = createMemoryKeyValueStore({ maxEntries: 10, clock });
    await store.set('a', '1', 1_000);
    clock.wallMs += 86_400_000;
    expect(await store.get('a')).toBe('1');
    clock.wallMs -= 172_800_000;
    clock.advance(1_000);
    expect(await store.get('a')).toBeUndefined();
  });

  test('makes room by dropping the entry written longest ago', async () => {
    const store = createMemoryKeyValueStore({ maxEntries: 2 });
    await store.set('a', '1', 1_000);
    await store.set('b', '2', 1_000);
    await store.set('a', '3', 1_000);
    await store.set('c', '4', 1_000);
    expect(await Promise.all([store.get('a'), store.get('b'), store.get('c')])).toEqual(['3', undefined, '4']);
  });

  test('overwrites without dropping anything else', async () => {
    const store = createMemoryKeyValueStore({ maxEntries: 1 });
    await store.set('a', '1', 1_000);
    await store.set('a', '2', 1_000);
    expect(await store.get('a')).toBe('2');
  });

  test('says whether there was something to delete', async () => {
    const store = createMemoryKeyValueStore({ maxEntries: 2 });
    await store.set('__proto__', 'x', 1_000);
    expect(await store.delete('__proto__')).toBe(true);
    expect(await store.delete('__proto__')).toBe(false);
    expect(await store.get('constructor')).toBeUndefined();
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('rejects a lifetime of %s', async (ttlMs) => {
    await expect(createMemoryKeyValueStore({ maxEntries: 1 }).set('a', '1', ttlMs)).rejects.toThrow(RangeError);
  });

  test.each([0, 1.5, Number.NaN])('refuses room for %s entries', (maxEntries) => {
    expect(() => createMemoryKeyValueStore({ maxEntries })).toThrow('maxEntries');
  });
});
