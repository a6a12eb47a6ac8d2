import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../src/card/find-json-fault.ts';

describe('findJsonFault', () => {
  it.each([
    ['', 0],
    ['  ', 2],
    ['{"a": }', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ["{'a': 1}", 1],
    ['{"a": 1} x', 9],
    ['[1', 2],
    ['{"a": [1}', 8],
    ['"a', 0],
    ['"\\x"', 0],
    ['01', 1],
    ['nul', 0],
    ['// a\n{}', 0],
    ['\uFEFF{}', 0],
  ])('finds where %j stops being JSON', (text, offset) => {
    expect(findJsonFault(text)).toBe(offset);
  });

  it('takes everything in front of the fault for the beginning of JSON', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('}', ']', ',', ':', '"', 'x', '\u0001', '\\'),
        (json, where, bad) => {
          const at = where % (json.length + 1);
          const text = `${json.slice(0, at)}${bad}${json.slice(at)}`;
          if (isJson(text)) return;
          const offset = findJsonFault(text);
          expect(offset).toBeLessThanOrEqual(text.length);
          // What was there before the change was right, so the fault can not be earlier than the token it is in.
          expect(findJsonFault(text.slice(0, offset))).toBeLessThanOrEqual(offset);
        },
      ),
    );
  });

  it('takes a very deep text', () => {
    expect(findJsonFault('['.repeat(200_000))).toBe(200_000);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
