import { expect, test } from 'vitest';
import { escapePointer, setMember } from '../../src/audit/json-tree.ts';
import type { JsonValue } from '../../src/call/json.ts';

test('setMember sets any name as an ordinary own member', () => {
  const object: Record<string, JsonValue> = {};
  setMember(object, '__proto__', { a: 1 });
  setMember(object, 'b', 2);
  expect(JSON.stringify(object)).toBe('{"__proto__":{"a":1},"b":2}');
  expect(object['a']).toBeUndefined();
});

test('escapePointer escapes as RFC 6901 says', () => {
  expect(['a/b', 'm~n', '~1', ''].map((name) => escapePointer(name))).toEqual(['a~1b', 'm~0n', '~01', '']);
});
