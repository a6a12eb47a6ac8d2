import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/audit/canonical-json.ts';
import { Pace, type Steps } from '../../src/audit/steps.ts';
import { canonicalize } from '../support/canonicalize.ts';

function drive<T>(steps: Steps<T>): { value: T; steps: number } {
  for (let count = 1; ; count++) {
    const step = steps.next();
    if (step.done === true) return { value: step.value, steps: count };
  }
}

function write(value: unknown, maxDepth = 32): { text: string; leaves: number; steps: number } {
  let text = '';
  const options = { write: (piece: string) => void (text += piece), pace: new Pace(), depth: 0, maxDepth };
  const { value: leaves, steps } = drive(canonicalJson(value, options));
  return { text, leaves, steps };
}

function leavesOf(value: unknown, levels: number): number {
  if (typeof value !== 'object' || value === null || levels <= 0) return 1;
  const children: readonly unknown[] = Object.values(value);
  return children.length === 0 ? 1 : children.reduce<number>((sum, child) => sum + leavesOf(child, levels - 1), 0);
}

const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });

describe('canonicalJson', () => {
  test('writes what RFC 8785 says, as another implementation does', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(write(value).text).toBe(canonicalize(value));
      }),
    );
  });

  test('orders members by the UTF-16 units of their names, however many there are', () => {
    // The example of RFC 8785 §3.2.3.
    const example = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      דּ: 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '😀': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    };
    expect(write(example).text).toBe(canonicalize(example));
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`${(index * 7919) % 3001}€`, index]));
    expect(write(many).text).toBe(canonicalize(many));
  });

  test('writes numbers as ECMAScript does', () => {
    expect(write([333_333_333.333_333_3, 1e30, 4.5, 2e-3, 1e-27, -0, 10 ** 21]).text).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21]',
    );
  });

  test('writes long texts and names piece by piece, and cuts no surrogate pair', () => {
    const text = `x${'😀'.repeat(40_000)}`;
    const value = { [text]: text, short: 1 };
    const pieces: string[] = [];
    const { steps } = drive(
      canonicalJson(value, { write: (piece) => void pieces.push(piece), pace: new Pace(), depth: 0, maxDepth: 32 }),
    );
    expect(pieces.join('')).toBe(canonicalize(value));
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(40_000);
    expect(steps).toBeGreaterThan(5);
  });

  test('takes many steps for much work', () => {
    for (const value of [
      Array.from({ length: 50_000 }, (_, index) => index),
      Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`m${index}`, index])),
      Array.from({ length: 5_000 }, () => [[]]),
    ]) {
      expect(write(value).steps).toBeGreaterThan(5);
    }
  });

  test('counts leaves as a walk does, and what lies too deep as one', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 5 }), (value, maxDepth) => {
        expect(write(value, maxDepth).leaves).toBe(leavesOf(value, maxDepth));
      }),
    );
  });

  test('follows toJSON, leaves out what JSON leaves out, and shows bytes as Base64', () => {
    const value = {
      at: new Date(0),
      none: undefined,
      run: () => 1,
      list: [undefined, Number.NaN],
      bytes: Buffer.from('hi'),
    };
    expect(write(value).text).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","bytes":"data:application/octet-stream;base64,aGk=","list":[null,null]}',
    );
  });

  const cycle: unknown[] = [];
  cycle.push([cycle]);
  test.each([
    ['a cycle', cycle],
    ['nothing', undefined],
    ['a bigint', [1n]],
    ['a symbol', Symbol('x')],
  ])('throws for what is not JSON: %s', (_, value) => {
    expect(() => write(value)).toThrow();
  });

  test('takes the same object twice when it does not hold itself', () => {
    const shared = { a: 1 };
    expect(write([shared, shared]).text).toBe('[{"a":1},{"a":1}]');
  });
});
