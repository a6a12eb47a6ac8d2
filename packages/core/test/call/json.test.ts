import { describe, expect, test } from 'vitest';
import { isJsonObject, member } from '../../src/call/json.ts';

describe('member', () => {
  test('finds own members only', () => {
    expect(member({ a: 1 }, 'a')).toBe(1);
    expect(member({}, 'constructor')).toBeUndefined();
    expect(member(JSON.parse('{"__proto__":{"a":1}}'), 'a')).toBeUndefined();
    expect(member(JSON.parse('{"__proto__":2}'), '__proto__')).toBe(2);
  });

  test('finds nothing in what is no object', () => {
    for (const value of [null, undefined, 'length', ['length'], 1]) expect(member(value, 'length')).toBeUndefined();
  });
});

describe('isJsonObject', () => {
  test('is true for objects and for nothing else', () => {
    expect([{}, [], null, 'x', 1, undefined].map((value) => isJsonObject(value))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
