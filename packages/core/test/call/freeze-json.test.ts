import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freezeJson } from '../../src/call/freeze-json.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { refusalOf } from '../support/refusal-of.ts';

const limits = { jsonDepth: 64 };
const refused = (value: unknown): Refusal => refusalOf(() => freezeJson(value, limits));

describe('freezeJson', () => {
  test('returns the very value, frozen to the last leaf', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const before = JSON.stringify(value);
        const frozen = freezeJson(value, limits);
        expect(frozen).toBe(value);
        expect(JSON.stringify(frozen)).toBe(before);
        JSON.stringify(frozen, (_key, child: unknown) => {
          expect(Object.isFrozen(child)).toBe(true);
          return child;
        });
      }),
    );
  });

  test('throws nothing but refusals, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
        (value) => {
          try {
            freezeJson(value, { jsonDepth: 3, maxValues: 10 });
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
    );
  });

  const cycle: unknown[] = [];
  cycle.push({ cycle });
  const sparse: unknown[] = [];
  sparse[2] = 1;
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a function', { toJSON: () => 'x' }],
    ['a bigint', [1n]],
    ['a symbol', [Symbol('x')]],
    ['a date', { at: new Date(0) }],
    ['a buffer', Buffer.from('x')],
    ['a map', new Map()],
    ['an instance of a class', Object.create({ inherited: true })],
    ['an array with a hole', sparse],
    ['an array with members', Object.assign([1], { extra: 2 })],
    ['a cycle', cycle],
    [
      'a getter',
      {
        get name(): string {
          return 'read-note';
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys() {
            throw new TypeError('no');
          },
        },
      ),
    ],
    ['infinity', { a: Number.POSITIVE_INFINITY }],
    ['NaN', Number.NaN],
  ])('refuses %s', (_what, value) => {
    expect(refused(value).reason).toBe('malformed_rpc');
  });

  test('applies the same limits as strict parsing', () => {
    const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(freezeJson(nested(64), limits)).toBeDefined();
    expect(refused(nested(65)).reason).toBe('malformed_rpc');
    expect(refused(Array(100_001).fill(1))).toMatchObject({ reason: 'too_large', status: 413 });
    expect(refusalOf(() => freezeJson({ a: 1, b: 2 }, { jsonDepth: 1, maxValues: 4 })).reason).toBe('too_large');
  });
});
