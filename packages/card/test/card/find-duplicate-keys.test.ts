import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicateKey } from '../../src/card/find-duplicate-key.ts';

describe('findDuplicateKey', () => {
  it.each([
    ['{"a":1,"a":2}', { key: 'a', line: 1 }],
    ['{"a":{"b":1,\n"c":[],\n"b" : 2}}', { key: 'b', line: 3 }],
    [String.raw`{"a":1,"\u0061":2}`, { key: 'a', line: 1 }],
    ['[{"x":1},{"x":1,"x":1}]', { key: 'x', line: 1 }],
    ['{"__proto__":1,"__proto__":2}', { key: '__proto__', line: 1 }],
    ['{"a\\"":{"}":1},"a\\"":2}', { key: 'a"', line: 1 }],
    ['{"a":["a","a"],"b":{"a":1}}', undefined],
    ['{"a":"{\\"b\\":1,\\"b\\":2}"}', undefined],
    ['"a:a"', undefined],
  ])('finds in %s', (text, found) => {
    expect(findDuplicateKey(text)).toEqual(found);
  });

  it('finds nothing in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => findDuplicateKey(JSON.stringify(value, undefined, 1)) === undefined),
    );
  });
});
