import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLeaves, endOfValue, jsonText, kindAt } from '../../src/audit/json-text.ts';
import type { JsonValue } from '../../src/call/json.ts';

// Texts that look like structure are where a reader of JSON text goes wrong.
const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', ':', '[', ']', '{', '}', 'é'), maxLength: 6 });
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(null, true)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;

function leavesOf(value: JsonValue, levels: number): number {
  if (typeof value !== 'object' || value === null || levels <= 0) return 1;
  const children: readonly JsonValue[] = Object.values(value);
  return children.length === 0 ? 1 : children.reduce<number>((sum, child) => sum + leavesOf(child, levels - 1), 0);
}

test('jsonText throws for what is not JSON', () => {
  expect(jsonText({ a: [1, 'x'] })).toBe('{"a":[1,"x"]}');
  for (const value of [undefined, () => 1, 1n]) expect(() => jsonText(value)).toThrow(TypeError);
});

test('kindAt tells containers, their ends and everything else apart', () => {
  expect(['[', '{', ']', '}', '"', '1', ''].map((start) => kindAt(start, 0))).toEqual([
    ...['array', 'object', 'closing', 'closing', 'other', 'other', 'other'],
  ]);
});

describe('countLeaves', () => {
  test('counts empty containers, and what lies too deep, as one leaf', () => {
    const count = (value: JsonValue, maxDepth: number): number => countLeaves(JSON.stringify(value), 0, 0, maxDepth);
    expect(count({ a: 1, b: [], c: [1, {}, null] }, 32)).toBe(5);
    expect(count({ a: [1, 2, 3] }, 1)).toBe(1);
    expect(count('x,y', 32)).toBe(1);
  });

  test('counts what is left behind a comma or a bracket, and nothing behind the end', () => {
    expect(countLeaves('[1,2,3]', 2, 1, 32)).toBe(2);
    expect(countLeaves('[1,2,3]', 1, 1, 32)).toBe(3);
    expect(countLeaves('[1]', 3, 0, 32)).toBe(0);
  });

  test('counts as a walk through the value does', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 6 }), (value, maxDepth) => {
        expect(countLeaves(JSON.stringify(value), 0, 0, maxDepth)).toBe(leavesOf(value, maxDepth));
      }),
    );
  });
});

test('endOfValue finds the end of every value, wherever it stands', () => {
  fc.assert(
    fc.property(json, json, (value, next) => {
      const written = JSON.stringify(value);
      for (const behind of ['', ']', '}', `,${JSON.stringify(next)}]`]) {
        expect(endOfValue(`[${written}${behind}`, 1)).toBe(1 + written.length);
      }
    }),
  );
});
