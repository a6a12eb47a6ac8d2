import { describe, expect, it } from 'vitest';
import { TokenMemory } from '../../src/introspection/token-memory.ts';

describe('TokenMemory', () => {
  it('holds 10,000 of each kind, and the oldest give way', () => {
    const memory = new TokenMemory();
    for (let index = 0; index <= 10_000; index += 1) {
      memory.addActive(`a-${index}`);
      memory.addInactive(`i-${index}`, 10);
    }
    expect([memory.wasActive('a-0'), memory.wasActive('a-1'), memory.wasActive('a-10000')]).toEqual([
      false,
      true,
      true,
    ]);
    expect([memory.isInactive('i-0', 0), memory.isInactive('i-1', 0)]).toEqual([false, true]);
  });

  it('no longer prefers a token that became inactive, and forgets that it is in time', () => {
    const memory = new TokenMemory();
    memory.addActive('t');
    memory.addInactive('t', 10);
    expect(memory.wasActive('t')).toBe(false);
    expect(memory.isInactive('t', 9)).toBe(true);
    expect(memory.isInactive('t', 10)).toBe(false);
  });

  it('knows tokens by their SHA-256 only', () => {
    expect(TokenMemory.digest('abc')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
  });
});
