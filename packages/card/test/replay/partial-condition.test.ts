import {
  createKeyedHash,
  readRecordedArguments,
  redactArguments,
  type AuditLevel,
  type JsonObject,
  type JsonValue,
} from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionReads } from '../../src/index.ts';
import { costBound } from '../../src/condition/cost-bound.ts';
import { Meter } from '../../src/condition/meter.ts';
import { parseExpression } from '../../src/condition/parse-expression.ts';
import { partialConditionOf } from '../../src/condition/partial-condition.ts';
import { call, principalWith } from '../support/calls.ts';
import { compile } from '../support/evaluate.ts';

const hash = createKeyedHash(Buffer.alloc(32, 7));

function reads(expression: string): string[] {
  return conditionReads(expression).map(({ variable, path, part }) => `${part} of ${[variable, ...path].join('.')}`);
}

describe('what a condition reads', () => {
  it('is told member by member, as far as their names stand in the expression', () => {
    expect(reads("args.amount <= 1000 || 'payments:large' in principal.scopes")).toEqual([
      'value of args.amount',
      'presence of principal.scopes.payments:large',
    ]);
    expect(reads("args['a']['b'] == call.name")).toEqual(['value of args.a.b', 'value of call.name']);
    expect(reads('has(args.limit) && args.limit.max <= 100')).toEqual([
      'presence of args.limit',
      'value of args.limit.max',
    ]);
    expect(reads("size(args.rows) < 5 && 'x' in args")).toEqual(['shape of args.rows', 'presence of args.x']);
    expect(reads('args.rows.size() < 5')).toEqual(['shape of args.rows']);
  });

  it('is all of what is looked up by number, by a computed name, or in a loop', () => {
    expect(reads('args.rows[0] == 1')).toEqual(['value of args.rows']);
    expect(reads('args[principal.tenant] == 1')).toEqual(['value of args', 'value of principal.tenant']);
    expect(reads('args.rows.all(r, r.owner == principal.subject)')).toEqual([
      'value of args.rows',
      'value of principal.subject',
    ]);
    expect(reads("{'eu': 1.0}[args.region] >= args.amount")).toEqual(['value of args.region', 'value of args.amount']);
    expect(reads('size(args.a + args.b) > 2')).toEqual(['value of args.a', 'value of args.b']);
  });
});

describe('a condition of whose facts some are not known', () => {
  const atoms = [
    'args.n <= 10',
    "args.s == 'x'",
    'args.s.size() < 3',
    "args.s.contains('y')",
    "args.s.matches('^[xy]*$')",
    'has(args.n)',
    "'s' in args",
    'has(args.m.k)',
    'args.m.k == 5',
    "args['m']['k'] == args.n",
    'size(args) > 1',
    'size(args.list) > 1',
    'args.list[0] == 1',
    '1 in args.list',
    "'k' in args.list",
    'args.list.all(i, i <= 2)',
    'args.list.exists(i, i == args.n)',
    'args.list.map(i, i + 1.0).size() == 2',
    'args.flag',
    "'s1' in principal.scopes",
    "principal.subject == 'user-1'",
    "call.name == 't'",
    '[args.n, 2.0] == args.list',
    'args == {}',
    'true',
    'false',
  ];
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 3, depthSize: 'medium' },
      { weight: 3, arbitrary: fc.constantFrom(...atoms) },
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}) && (${b})`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}) || (${b})`),
      fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
      tie('expression').map((a) => `!(${a})`),
    ),
  }));
  const leaf = fc.constantFrom<JsonValue>(1, 2, 5, 11, 'x', 'xy', 'zzz', true, false, null);
  const value = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.record({ k: leaf, password: leaf }, { requiredKeys: [] }).map((object) => object as JsonObject),
  );
  const args = fc.record(
    { n: leaf, s: leaf, flag: leaf, list: value, m: value, secret: value },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;

  it('is certain only when it is so for the call itself', () => {
    const count = { certain: 0, unknown: 0 };
    const property = fc.property(
      expression,
      args,
      fc.constantFrom<AuditLevel>('metadata', 'request'),
      fc.subarray(['/n', '/s', '/m', '/list/0', '/list']),
      fc.boolean(),
      (text, sent, level, sensitive, knowsSubject) => {
        const real = JSON.parse(JSON.stringify(sent)) as JsonObject;
        const condition = compile(`(${text}) || false`);
        const principal = principalWith('s1');
        const facts = {
          principal,
          held: new Set(['s1']),
          call: { ...call('tools/call', 'tool', 't'), arguments: real },
          target: 't',
        };
        const truth = condition.evaluate(facts, new Meter()) === undefined;

        const recorded = readRecordedArguments(
          redactArguments(real, { level, sensitive, hash, domain: ['arguments'] }),
        );
        const partial = partialConditionOf(condition).evaluate({
          ...facts,
          principal: knowsSubject ? principal : Object.freeze({ ...principal, subject: 'hmac-sha256:k1:AAAA' }),
          held: new Set(['s1']),
          call: { ...facts.call, arguments: recorded.value },
          knows: ({ variable, path, part }) =>
            variable === 'args' ? recorded.knows(path, part) : path[0] !== 'subject' || knowsSubject,
          characters: () => recorded.bytes,
        });
        if (partial.holds === 'unknown') {
          count.unknown += 1;
          expect(partial.missing.length).toBeGreaterThan(0);
        } else {
          count.certain += 1;
          expect(partial.holds).toBe(truth);
        }
      },
    );
    fc.assert(property, { numRuns: 800 });
    // It is of use, and there is something to find.
    expect(count.certain).toBeGreaterThan(100);
    expect(count.unknown).toBeGreaterThan(100);
  });

  it('never costs more than its bound', () => {
    const property = fc.property(expression, args, fc.integer({ min: 1, max: 300 }), (text, sent, times) => {
      const list = Array.from({ length: times }, () => 1);
      const real = JSON.parse(JSON.stringify({ ...sent, list, s: 'x'.repeat(times) })) as JsonObject;
      const meter = new Meter();
      const request = { ...call('tools/call', 'tool', 't'), arguments: real };
      const principal = principalWith('s1');
      compile(`(${text}) || false`).evaluate({ principal, held: new Set(['s1']), call: request, target: 't' }, meter);
      const characters = JSON.stringify(real).length + JSON.stringify(principal).length + 1;
      expect(meter.spent).toBeLessThanOrEqual(costBound(parseExpression(`(${text}) || false`).root, characters));
    });
    fc.assert(property, { numRuns: 500 });
  });
});
