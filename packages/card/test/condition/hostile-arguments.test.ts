import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxSteps, Meter } from '../../src/condition/meter.ts';
import { compile, evaluate } from '../support/evaluate.ts';

const MiB = 2 ** 20;
const tooMany = 'needs too many steps for these arguments';
const items = (count: number, item: (index: number) => unknown): unknown[] =>
  Array.from({ length: count }, (_, i) => item(i));

describe('a condition over hostile arguments', () => {
  // Without a bound the first of these takes 41 seconds.
  it.each<[string, string, unknown]>([
    [
      'a long text searched for a long text',
      'args.a.contains(args.b)',
      { a: 'a'.repeat(MiB), b: `${'a'.repeat(MiB / 4)}b${'a'.repeat(MiB / 4)}` },
    ],
    ['a long list', 'args.l.all(x, x == 1)', { l: items(500_000, () => 1) }],
    ['a long list of what is missing', 'args.l.exists(x, x.a == 1)', { l: items(100_000, () => ({})) }],
    ['a list against itself', 'args.l.all(x, args.l.all(y, x != y))', { l: items(3_000, String) }],
    ['a list inside itself', 'args.l.all(x, x in args.l)', { l: items(3_000, (i) => i) }],
    [
      'a long text in a loop',
      'args.l.all(x, args.s < args.t)',
      { l: items(3_000, () => 1), s: `${'a'.repeat(MiB / 2)}a`, t: `${'a'.repeat(MiB / 2)}b` },
    ],
    [
      'sums of long texts',
      'args.l.all(x, (args.s + args.s).size() > 0)',
      { l: items(100, () => 1), s: 'a'.repeat(MiB / 4) },
    ],
    ['a pattern over a long text', "args.s.matches('^(([a-z])+.)+[A-Z]([a-z])+$')", { s: 'a'.repeat(MiB) }],
    ['a large pattern', "args.s.matches('^(?:[a-z]{1,30}){1,30}$')", { s: 'ab'.repeat(12_000) }],
    [
      'two large structures',
      'args.l == args.m',
      { l: items(90_000, (i) => ({ i })), m: items(90_000, (i) => ({ i })) },
    ],
    [
      'a chain of lists',
      'args.l.filter(x, x >= 0).filter(x, x >= 0).filter(x, x >= 0).size() > 5',
      { l: items(3_000, (i) => i) },
    ],
    ['lists of lists', 'args.l.size() > 0', { l: items(2_000, () => items(500, () => 1)) }],
  ])('gives up after a bounded number of steps: %s', (_, expression, args) => {
    expect(evaluate(expression, { args })).toContain(tooMany);
  });

  it('denies when it gave up, even where the rest of the expression would hold', () => {
    expect(evaluate('args.l.all(x, x == 1) || true', { args: { l: items(500_000, () => 1) } })).toContain(tooMany);
    expect(evaluate('true || args.l.all(x, x == 1)', { args: { l: items(500_000, () => 1) } })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['args.l.all(x, x.n > 0 && x.name.startsWith("a"))', { l: items(1_000, () => ({ n: 1, name: 'ab' })) }],
    ['size(args.s) == 1048576', { s: 'a'.repeat(MiB) }],
    ["args.s.matches('^[a-z]+$')", { s: 'a'.repeat(10_000) }],
    ["args.s.contains('needle')", { s: `${'a'.repeat(MiB)}needle` }],
    ["'x' in args.l", { l: [...items(20_000, String), 'x'] }],
  ])('is enough for what is large but honest: %s', (expression, args) => {
    expect(evaluate(expression, { args })).toBe(true);
  });

  it('shares its steps with the other conditions of the decision', () => {
    const meter = new Meter();
    meter.spend(maxSteps - 10);
    const facts = { principal: {} as never, held: new Set<string>(), target: 't' };
    const request = { arguments: { l: items(100, () => 1) } } as never;
    expect(compile('args.l.all(x, x == 1)').evaluate({ ...facts, call: request }, meter)).toMatchObject({
      result: 'error',
    });
  });

  it('ends with an error for arguments that are nested deeper than any parser lets through', () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    let other: unknown = {};
    for (let level = 0; level < 100_000; level += 1) other = { a: other };
    expect(evaluate('args.d == args.d', { args: { d: deep } })).toBeTypeOf('string');
    expect(evaluate('args.d == args.e', { args: { d: other, e: { a: other } } })).toBeTypeOf('string');
  });

  it.each<[string, unknown]>([
    ['a protobuf message', { $typeName: 'google.protobuf.Int32Value', value: 5 }],
    ['a protobuf message in a list', [{ $typeName: 'google.protobuf.BoolValue', value: true }]],
    ['a class', { constructor: { name: 'Object' } }],
    ['a list', { length: 1, 0: 5, size: 1 }],
    ['a map', { get: 1, has: 2, keys: 3, size: 4 }],
  ])('takes an object that looks like %s for what it is', (_, x) => {
    expect(evaluate('args.x == 5 || args.x == true || args.x == [5]', { args: { x } })).toBe(false);
    expect(evaluate('args.x == args.y', { args: { x, y: JSON.parse(JSON.stringify(x)) as unknown } })).toBe(true);
  });

  it('never throws and never holds by accident, whatever the arguments are', () => {
    const expressions = [
      "args.amount <= 1000 || 'payments:large' in principal.scopes",
      'args.a.b.c == args.d',
      'args.list.all(x, x.y > 1.0)',
      "args.t.matches('^a+$') && args.t.size() < 5",
      'double(args.t) + args.n > int(args.t) / 2 ? args.b : !args.b',
      'args[args.k] == args.list[args.i]',
    ].map((expression) => compile(expression));
    const key = fc.constantFrom(
      'amount',
      'a',
      'b',
      'c',
      'd',
      'list',
      't',
      'n',
      'k',
      'i',
      'y',
      '__proto__',
      'constructor',
    );
    const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.bigInt(), fc.constant(undefined)),
      tree: fc.oneof({ depthSize: 'small' }, tie('leaf'), fc.array(tie('tree')), fc.dictionary(key, tie('tree'))),
    }));
    const property = fc.property(fc.dictionary(key, tree), (args) => {
      const before = JSON.stringify(args, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      for (const condition of expressions) {
        const facts = { principal: { groups: [] } as never, held: new Set<string>(), target: 't' };
        const failure = condition.evaluate({ ...facts, call: { arguments: args } as never }, new Meter());
        if (failure === undefined) continue;
        expect([false, 'error']).toContain(failure.result);
      }
      expect(JSON.stringify(args, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).toBe(
        before,
      );
    });
    fc.assert(property, { numRuns: 500 });
  });
});
