import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/condition/meter.ts';
import { call, principalWith } from '../support/calls.ts';
import { compile, evaluate } from '../support/evaluate.ts';

const transfer = "args.amount <= 1000 || 'payments:large' in principal.scopes";

describe('numbers of arguments', () => {
  it.each<[unknown, boolean | string]>([
    [1000, true],
    [999.5, true],
    [-1e308, true],
    [1000.0000001, false],
    [1001, false],
    [Number.MAX_SAFE_INTEGER, false],
    ['5', 'args.amount <= 1000 does not work with values of these types'],
    [null, 'args.amount <= 1000 does not work with values of these types'],
    [true, 'args.amount <= 1000 does not work with values of these types'],
    [[5], 'args.amount <= 1000 does not work with values of these types'],
    [{ valueOf: 5 }, 'args.amount <= 1000 does not work with values of these types'],
  ])('compare by value with whole numbers: %j', (amount, expected) => {
    expect(evaluate(transfer, { args: { amount } })).toBe(expected);
  });

  it.each([Number.NaN, Infinity, -Infinity])('that no JSON has deny, also behind a negation: %s', (amount) => {
    expect(evaluate('!(args.amount > 1000)', { args: { amount } })).toContain('could not be evaluated');
  });

  it.each<[string, Record<string, unknown>]>([
    ['args.a / args.b > 5.0 ? false : true', { a: 0, b: 0 }],
    ['!(args.a * 1e308 > 5.0)', { a: 1e308 }],
    ['!(args.a - args.b * 2.0 > 0.0)', { a: 1e308, b: 1e308 }],
  ])('never become infinite: %s', (expression, args) => {
    expect(evaluate(expression, { args })).toContain('could not be evaluated');
  });

  it.each(['', ' ', '0x10', '1_000', 'Infinity', 'NaN', '١', '9'.repeat(50)])('are not made of the text %j', (text) => {
    expect(evaluate('double(args.a) <= 1000.0', { args: { a: text } })).toContain('could not be evaluated');
    expect(evaluate('int(args.a) <= 1000', { args: { a: text } })).toContain('could not be evaluated');
  });

  it('are made of decimal texts and of each other', () => {
    expect(
      evaluate("double(args.a) == 12.5 && int('-7') == -7 && int(args.n) % 2 == 1", { args: { a: '12.5', n: 3 } }),
    ).toBe(true);
    expect(evaluate("int('9223372036854775808') > 0")).toContain('could not be evaluated');
  });
});

describe('a missing member', () => {
  it('denies, unless the other side of "or" holds', () => {
    expect(evaluate(transfer, { args: {} })).toBe('args.amount is missing');
    expect(evaluate(transfer)).toBe('args.amount is missing');
    expect(evaluate(transfer, { args: {}, scopes: ['payments:large'] })).toBe(true);
  });

  it('is not null, and null is not missing', () => {
    expect(evaluate('has(args.x)', { args: { x: null } })).toBe(true);
    expect(evaluate("'x' in args", { args: { x: null } })).toBe(true);
    expect(evaluate('args.x == null', { args: { x: null } })).toBe(true);
    expect(evaluate('has(args.x)', { args: {} })).toBe(false);
    expect(evaluate('args.x == null', { args: {} })).toBe('args.x is missing');
  });

  it('is looked for among the own members only', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(evaluate(`has(args.${name})`, { args: {} })).toBe(false);
      expect(evaluate(`'${name}' in args`, { args: {} })).toBe(false);
    }
    expect(evaluate('args["__proto__"].admin', { args: JSON.parse('{"__proto__":{"admin":true}}') })).toBe(true);
    expect(evaluate('has(args.admin)', { args: JSON.parse('{"__proto__":{"admin":true}}') })).toBe(false);
  });

  it('of the caller denies whatever is asked of it', () => {
    expect(evaluate("principal.acr != 'weak'")).toBe('principal.acr is missing');
    expect(evaluate("has(principal.acr) && principal.acr == 'x'")).toBe(false);
    expect(evaluate("principal.acr == 'x'", { principal: { acr: 'x' } })).toBe(true);
  });
});

describe('the caller', () => {
  const principal = {
    clientId: 'c',
    tenant: 'acme',
    groups: ['dba'],
    roles: ['admin'],
    acr: 'mfa',
    amr: ['otp'],
    authTime: 1_700_000_000,
    actors: [{ issuer: 'i', subject: 'agent' }, { subject: 'inner' }],
  };

  it.each([
    "principal.issuer == 'https://idp.example' && principal.subject == 'user-1' && principal.clientId == 'c'",
    "principal.tenant == 'acme' && 'dba' in principal.groups && 'admin' in principal.roles",
    "principal.acr == 'mfa' && 'otp' in principal.amr && principal.authTime >= 1700000000",
    "principal.proof == 'jwt' && principal['tenant'] == 'acme'",
    "principal.actors.exists(a, a.subject == 'agent') && principal.actors.size() == 2",
    'principal.authTime + 60 < 1700000061',
  ])('is known by %s', (expression) => {
    expect(evaluate(expression, { principal })).toBe(true);
  });

  it('holds the scopes that come with its scopes', () => {
    const held = new Set(['payments:large']);
    const facts = { principal: principalWith('payments:all'), held, target: 't' };
    const condition = compile("'payments:large' in principal.scopes && principal.scopes.size() == 1");
    expect(condition.principalOnly).toBe(true);
    expect(condition.evaluate(facts, new Meter())).toBeUndefined();
  });
});

describe('the call', () => {
  it('is known by its method, name, era and version, a resource also by its URI', () => {
    expect(evaluate("call.method == 'tools/call' && call.name == 't'")).toBe(true);
    expect(evaluate("call.era == 'modern' && call.protocolVersion == '2026-07-28'")).toBe(true);
    const uri = 'note:///1';
    const condition = compile(
      "call.uri.startsWith('note:///') && call.name == call.uri && size(args) == 0",
      'resource',
    );
    const facts = {
      principal: principalWith(),
      held: new Set<string>(),
      call: call('resources/read', 'resource', uri),
    };
    expect(condition.evaluate({ ...facts, target: uri }, new Meter())).toBeUndefined();
    expect(condition.evaluate({ ...facts, target: 'cfg:///1' }, new Meter())).toEqual({ result: false });
  });
});

describe('expressions', () => {
  const args = {
    list: [1, 2, 3],
    text: 'é😀',
    tags: ['a', 'b'],
    nested: { deep: [{ x: 1 }] },
    flag: true,
    region: 'us',
  };

  it.each([
    'args.list.all(x, x > 0) && args.list.exists(x, x == 2) && args.list.exists_one(x, x == 2)',
    'args.list.filter(x, x > 1).map(x, x * 2.0) == [4, 6]',
    "args.tags.map(t, t + '!') == ['a!', 'b!']",
    'args.list.map(x, x > 1, x) == [2, 3]',
    'args.list.all(x, args.list.exists(y, x == y))',
    "args.nested.all(key, key == 'deep')",
    'args.text.size() == 2 && size(args.list) == 3 && size(args.nested) == 1',
    'args.nested.deep[0].x == 1 && args.list[args.list[0]] == 2',
    "args.text.contains('😀') && args.text.startsWith('é') && args.text.endsWith('😀')",
    "args.region.matches('^(us|eu)$') && !args.region.matches('^eu$')",
    "{'us': 100.0, 'eu': 50.0}[args.region] == 100.0",
    'args.flag && (args.flag ? 1 < 2 : false)',
    'args == args && args.list == [1, 2, 3] && args.list != [1, 2]',
    "args.region in ['us', 'eu'] && !(args.region in ['cn'])",
    "args.region < 'ut' && 'a' <= args.region && string(args.list[0]) == '1' && bool('true')",
    "args.tags + ['c'] == ['a', 'b', 'c']",
  ])('hold: %s', (expression) => {
    expect(evaluate(expression, { args })).toBe(true);
  });

  it('that are neither true nor false deny', () => {
    expect(evaluate('args.x', { args: { x: 1 } })).toBe('args.x is not true or false');
    expect(evaluate('args.x', { args: { x: 'true' } })).toBe('args.x is not true or false');
    expect(evaluate('args.list[9] == 1', { args })).toBe('args does not have what is looked up in it');
  });
});

describe('why a condition failed', () => {
  it('is told without a word of the arguments', () => {
    const secret = '4711-pin';
    for (const expression of [
      'bool(args.pin)',
      'double(args.pin) > 1.0',
      'args[args.pin] == 1',
      '-args.pin < 1',
      'args.pin',
    ]) {
      const told = evaluate(expression, { args: { pin: secret } });
      expect(typeof told).toBe('string');
      expect(told).not.toContain('4711');
    }
  });

  it('leaves the stack traces of everything else alone', () => {
    const before = Error.stackTraceLimit;
    evaluate('args.x == 1', { args: {} });
    expect(Error.stackTraceLimit).toBe(before);
  });
});
