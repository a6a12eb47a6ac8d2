import { describe, expect, it } from 'vitest';
import { findDuplicateKeys } from '../../src/card/find-duplicate-keys.ts';

describe('findDuplicateKeys', () => {
  it.each([
    ['{}'],
    ['[1, "a", "a", "a"]'],
    ['{"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 2}]}'],
    ['{"a": "\\"a\\": 1", "b": "}"}'],
    ['"a"'],
  ])('finds nothing in %s', (text) => {
    expect(findDuplicateKeys(text)).toEqual([]);
  });

  it.each([
    ['{"a": 1, "a": 2}', ['a'], 9],
    ['{"a": 1,\n\n "\\u0061": 2}', ['a'], 11],
    ['[{"x": {"b": 1,\n"b" \n: 2}}]', [0, 'x', 'b'], 16],
    ['{"a": [1, {"c": 1, "c": 2}]}', ['a', 1, 'c'], 19],
    ['{"__proto__": 1, "__proto__": 2}', ['__proto__'], 17],
  ])('finds the repeated key of %j', (text, path, offset) => {
    expect(findDuplicateKeys(text)).toEqual([{ path, key: path.at(-1), offset }]);
  });

  it('finds every repeated key', () => {
    expect(findDuplicateKeys('{"a": 1, "a": 2, "b": {"c": 1, "c": 1, "c": 2}}').map(({ path }) => path)).toEqual([
      ['a'],
      ['b', 'c'],
      ['b', 'c'],
    ]);
  });
});
