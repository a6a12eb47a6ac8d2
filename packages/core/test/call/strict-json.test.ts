import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/call/json.ts';
import { parseStrictJson } from '../../src/call/strict-json.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { refusalOf } from '../support/refusal-of.ts';

const limits = { jsonDepth: 64 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): JsonValue => parseStrictJson(bytes(text), limits);
const refused = (text: string): Refusal => refusalOf(() => parse(text));

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every((child) => isDeeplyFrozen(child));
}

describe('parseStrictJson', () => {
  test('gives what JSON.parse gives, deeply frozen', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat({ max: 3 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parse(text);
        expect(parsed).toEqual(JSON.parse(text));
        expect(isDeeplyFrozen(parsed)).toBe(true);
      }),
    );
  });

  test('refuses any text with a planted duplicate', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 });
    fc.assert(
      fc.property(
        objects,
        fc.nat(),
        json,
        fc.boolean(),
        fc.nat({ max: 3 }),
        (object, pick, other, escaped, nesting) => {
          const keys = Object.keys(object);
          const name = keys[pick % keys.length] as string;
          const again = escaped ? escapeAll(name) : JSON.stringify(name);
          let text = `${JSON.stringify(object).slice(0, -1)}, ${again} :${other}}`;
          for (let level = 0; level < nesting; level += 1) text = `{"a":[1,${text}],"b":"{"}`;
          expect(refused(text).reason).toBe('dup_keys');
        },
      ),
    );
  });

  test('throws nothing but refusals, whatever the bytes', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', '1', 'e', ' ', 'é', '-') }).map(bytes),
    );
    fc.assert(
      fc.property(anything, (body) => {
        try {
          parseStrictJson(body, { jsonDepth: 4, maxValues: 20 });
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['a member twice', '{"a":1,"a":2}'],
    ['an escaped duplicate', String.raw`{"name":1,"n\u0061me":2}`],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['a duplicate deep inside', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}'],
    ['duplicates of numeric names', '{"1":1,"1":2}'],
    ['an empty name twice', '{"":1,"":1}'],
  ])('refuses %s with −32600', (_what, text) => {
    expect(refused(text)).toMatchObject({ reason: 'dup_keys', status: 400, rpcCode: -32_600 });
  });

  test('takes equal names of different objects and names that differ in case for what they are', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":2},{"a":3}],"A":4}')).toEqual({ a: { a: 1 }, b: [{ a: 2 }, { a: 3 }], A: 4 });
  });

  test('is not misled by structure inside strings', () => {
    const text = String.raw`{"a\":{":"},{\"b\":[[[[","c\\":"\\","d":"\\\"}"}`;
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test('keeps an own __proto__ member an ordinary member', () => {
    const value = parse('{"__proto__":{"scopes":["admin"]},"constructor":1}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(value['scopes']).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a truncated object', '{"a":1'],
    ['an open string', '{"a":"b'],
    ['a string that ends in a backslash', '"\\'],
    ['two values', '{} {}'],
    ['a comment', '{/* */}'],
    ['NaN', '[NaN]'],
    ['a trailing comma', '[1,]'],
  ])('refuses %s with −32700', (_what, text) => {
    expect(refused(text)).toMatchObject({ reason: 'malformed_rpc', status: 400, rpcCode: -32_700 });
  });

  test('refuses a byte order mark', () => {
    const body = new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]);
    expect(refusalOf(() => parseStrictJson(body, limits))).toMatchObject({
      reason: 'malformed_rpc',
      rpcCode: -32_700,
      detail: 'byte order mark',
    });
  });

  test.each([
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['a lone continuation', [0x22, 0x80, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0x7b, 0x00, 0x7d, 0x00]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
  ])('refuses bytes that are not UTF-8 JSON: %s', (_what, body) => {
    expect(refusalOf(() => parseStrictJson(new Uint8Array(body), limits))).toMatchObject({
      reason: 'malformed_rpc',
      rpcCode: -32_700,
    });
  });

  test.each(['1e400', '-1e400', '[1,{"a":1e999}]', '9'.repeat(400)])('refuses the number %s', (text) => {
    expect(refused(text)).toMatchObject({ reason: 'malformed_rpc', rpcCode: -32_600 });
  });

  test('accepts nesting up to the limit and refuses one level more', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parse(nested(64))).toBeDefined();
    expect(refused(nested(65))).toMatchObject({
      reason: 'malformed_rpc',
      rpcCode: -32_600,
      detail: 'nested deeper than 64 levels',
    });
    expect(parse(`[${nested(63)},${nested(63)}]`)).toBeDefined();
  });

  test('survives a million levels', () => {
    expect(refused('['.repeat(1_000_000)).reason).toBe('malformed_rpc');
    expect(refused('{"a":'.repeat(200_000)).reason).toBe('malformed_rpc');
  });

  test('bounds the number of values, names included', () => {
    const parseFew = (text: string): JsonValue => parseStrictJson(bytes(text), { jsonDepth: 64, maxValues: 7 });
    expect(parseFew('[1,2,3,4,5]')).toHaveLength(5);
    expect(refusalOf(() => parseFew('[1,2,3,4,5,6,7]'))).toMatchObject({ reason: 'too_large', status: 413 });
    expect(parseFew('{"a":1,"b":2,"c":3}')).toEqual({ a: 1, b: 2, c: 3 });
    expect(refusalOf(() => parseFew('{"a":1,"b":2,"c":3,"d":4}')).reason).toBe('too_large');
  });

  test('allows 100,000 values when no number is given', () => {
    expect(parse(`[${Array(99_000).fill(1).join(',')}]`)).toHaveLength(99_000);
    expect(refused(`[${Array(100_001).fill(1).join(',')}]`).reason).toBe('too_large');
  });

  test('keeps nothing of the body in the error', () => {
    const refusal = refused('{"password":"canary-4711"');
    expect(JSON.stringify([refusal.message, refusal.detail, refusal.data, String(refusal.cause)])).not.toContain(
      'canary',
    );
  });
});

function escapeAll(name: string): string {
  const units = Array.from({ length: name.length }, (_, index) => name.charCodeAt(index).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}
