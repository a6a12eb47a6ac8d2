import { describe, expect, test } from 'vitest';
import { countLeaves, escapePointer, jsonText, setMember } from '../../src/audit/json-tree.ts';
import type { JsonValue } from '../../src/call/json.ts';

describe('countLeaves', () => {
  test('counts empty containers, and what lies too deep, as one leaf', () => {
    expect(countLeaves({ a: 1, b: [], c: [1, {}, null] }, 32)).toBe(5);
    expect(countLeaves({ a: [1, 2, 3] }, 1)).toBe(1);
    expect(countLeaves('x', 32)).toBe(1);
  });
});

test('setMember sets any name as an ordinary own member', () => {
  const object: Record<string, JsonValue> = {};
  setMember(object, '__proto__', { a: 1 });
  setMember(object, 'b', 2);
  expect(JSON.stringify(object)).toBe('{"__proto__":{"a":1},"b":2}');
  expect(object['a']).toBeUndefined();
});

test('jsonText writes null for what JSON leaves out', () => {
  expect([undefined, () => 1, 'x'].map((value) => jsonText(value))).toEqual(['null', 'null', '"x"']);
});

test('escapePointer escapes as RFC 6901 says', () => {
  expect(['a/b', 'm~n', '~1', ''].map((name) => escapePointer(name))).toEqual(['a~1b', 'm~0n', '~01', '']);
});
