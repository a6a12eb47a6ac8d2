import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyPlain, NotPlain } from '../../src/read/copy-plain.ts';

const same = (value: unknown): unknown => copyPlain(value, (text) => text);

function problemOf(value: unknown): string {
  try {
    same(value);
  } catch (error) {
    if (error instanceof NotPlain) return `${error.problem.path.join('.')}: ${error.problem.problem}`;
  }
  throw new Error('expected NotPlain');
}

describe('copyPlain', () => {
  it('copies any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        expect(same(value)).toEqual(value);
      }),
    );
  });

  it('passes every text through, with its place', () => {
    expect(copyPlain({ a: ['x', 1], b: { c: 'y' } }, (text, path) => `${text}@${path.join('.')}`)).toEqual({
      a: ['x@a.0', 1],
      b: { c: 'y@b.c' },
    });
  });

  it('refuses what JSON can not hold', () => {
    class Point {
      readonly x = 1;
    }
    expect(problemOf({ a: [undefined] })).toBe('a.0: is undefined, which no config file can hold');
    // oxlint-disable-next-line no-sparse-arrays
    expect(problemOf([, 1])).toBe('0: is undefined, which no config file can hold');
    expect(problemOf({ a: 1n })).toBe('a: is a bigint, which no config file can hold');
    expect(problemOf({ a: Symbol('x') })).toBe('a: is a symbol, which no config file can hold');
    expect(problemOf({ a: new Date() })).toBe('a: is an object of a class, which no config file can hold');
    expect(problemOf(new Point())).toBe(': is an object of a class, which no config file can hold');
    expect(problemOf({ a: Number.POSITIVE_INFINITY })).toBe('a: is Infinity, which is not a number of JSON');
  });

  it('refuses __proto__ at any depth and pollutes nothing', () => {
    expect(problemOf(JSON.parse('{"card":{"a":[{"__proto__":{"x":1}}]}}'))).toBe(
      'card.a.0.__proto__: is not a known field',
    );
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect((same(JSON.parse('{"constructor":{"prototype":{"x":1}}}')) as object).constructor).toEqual({
      prototype: { x: 1 },
    });
  });

  it('takes objects without a prototype', () => {
    expect(same(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  });

  it('stops at cycles, at great depth and at great size', () => {
    const cycle: Record<string, unknown> = {};
    cycle['a'] = cycle;
    expect(problemOf(cycle)).toBe('a.a.a.a: is nested deeper than 64 levels');
    const wide = Array.from({ length: 1000 }, () => 'x');
    expect(problemOf(Array.from({ length: 1000 }, () => wide))).toBe(': holds more than 100000 values');
  });
});
