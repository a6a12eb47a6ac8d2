import { describe, expect, it } from 'vitest';
import { compile, problemOf } from '../support/evaluate.ts';

describe('a condition', () => {
  it.each<[string, string, string]>([
    ['1 +', 'is not CEL: character 3: found +', 'correct the expression'],
    ["args.x == 'a", 'is not CEL: character 8: found', 'correct the expression'],
    ['true\n&& &&', 'is not CEL: line 2', 'correct the expression'],
    ['user.name == 1', 'uses "user", which does not exist', 'use principal, args, call'],
    ['args.list.all(x, y > 1)', 'uses "y", which does not exist', 'use principal, args, call, x'],
    ['principal.email == 1', 'uses "principal.email", which does not exist', 'use one of issuer, subject, clientId'],
    ["principal['email'] == 1", 'uses principal["email"], which does not exist', 'use one of issuer'],
    ['principal[args.x] == 1', 'uses principal[args.x], which does not exist', 'use one of issuer'],
    ['has(principal.email)', 'uses "principal.email", which does not exist', 'use one of issuer'],
    ['call.client == 1', 'uses "call.client", which does not exist', 'use one of method, name, era, protocolVersion'],
    ["call.uri == 'x'", 'uses "call.uri", which does not exist', 'use one of method, name'],
    ['principal.actors.exists(a, a.name == 1)', 'uses "a.name", which does not exist', 'use one of issuer, subject'],
    ['principal.subject.x == 1', 'principal.subject is string', 'correct it'],
    ['principal == args', 'uses "principal" as a value', 'name one of its members: issuer'],
    ['1 + 1', 'is not true or false but int', 'compare it with something'],
    ["'yes'", 'is not true or false but string', 'compare it with something'],
    ['principal.groups', 'is not true or false but list', 'compare it with something'],
    ['args.x.lowerAscii() == 1', 'uses the function "lowerAscii", which does not exist', 'use one of size, contains'],
    ['type(args.x) == 1', 'uses the function "type", which does not exist', 'use one of size, int, double'],
    ["timestamp('x') == 1", 'uses the function "timestamp", which does not exist', 'use one of size'],
    ['args.x + 1 > 2', 'args.x + 1 has a JSON value and int', 'numbers of arguments are doubles: write 1.0'],
    ['args.x % 2 == 0', 'args.x % 2 has a JSON value and int', 'or int(args.x)'],
    ['!principal.subject', '!principal.subject has string', 'correct the types'],
    ['principal.subject && true', 'has string and bool', 'correct the types'],
    ['size(1) == 1', 'size(1) has int', 'correct the types'],
    ['principal.subject < 5', 'has string and int', 'correct the types'],
    ['principal.subject == 5', 'compares string with int: principal.subject == 5', 'correct the types'],
    ['principal.acr == null', 'compares string with null', 'what is not known is missing and not null: use has(…)'],
    ['5 in principal.groups', 'compares int with string', 'correct the types'],
    ['1 in principal.subject', 'looks into principal.subject, which is string', 'use a list or a map'],
    ["principal.groups['a'] == 'b'", 'looks up string in list', 'a list is looked up by number'],
    ['1 ? true : false', 'has int', 'correct the types'],
    ['principal.subject.all(c, true)', 'goes through principal.subject, which is string', 'use a list or a map'],
    ['args.l.all(principal, true)', 'names a variable "principal", which exists already', 'rename it'],
    ['args.a.all(x, x.all(y, y.all(z, z)))', 'has more than 2 macros inside each other', 'simplify it'],
    ["'payment:large' in principal.scopes", 'looks for "payment:large" in principal.scopes', 'declare it in "scopes"'],
    ['args.x.matches(args.y)', 'has a pattern that is not a text in quotes', 'write the pattern there'],
    ["args.x.matches('(a')", 'is not an RE2 regular expression: error parsing regexp: missing', 'correct the pattern'],
    [String.raw`args.x.matches('(a)\\1')`, 'is not an RE2 regular expression', 'correct the pattern'],
    ["b'x' == b'x'", 'uses bytes or unsigned numbers', 'write texts in quotes'],
    ['1u == 1u', 'uses bytes or unsigned numbers', 'write texts in quotes'],
    ['{1: 2}[1] == 2', 'has a map whose keys are not texts', 'write the keys in quotes'],
    ['google.protobuf.Int32Value{value: 1} == 1', 'uses what conditions do not have', 'see the documentation'],
  ])('is refused when it loads: %s', (expression, problem, remedy) => {
    const [said, help] = problemOf(expression);
    expect(said).toContain(problem);
    expect(help).toContain(remedy);
    expect(said).not.toMatch(/[\n\r]/);
  });

  it.each([
    ['brackets', `${'('.repeat(200)}true${')'.repeat(200)}`, 'is nested too deep'],
    ['members', `args${'.a'.repeat(100)} == 1`, 'is nested too deep'],
    ['sums', `${Array.from({ length: 100 }, () => '1').join(' + ')} > 0`, 'is nested too deep'],
    ['parts', Array.from({ length: 300 }, () => 'true').join(' && '), 'has more than 500 parts'],
  ])('is refused when it has too many %s', (_, expression, problem) => {
    expect(problemOf(expression)[0]).toContain(problem);
  });

  it('of a resource knows its URI and no arguments to speak of', () => {
    expect(compile("call.uri == 'x'", 'resource').principalOnly).toBe(false);
    expect(problemOf('call.foo == 1', 'resource')[1]).toContain('uri');
  });

  it.each<[string, boolean]>([
    ["'a' in principal.groups", true],
    ['principal.groups.exists(g, g == principal.subject)', true],
    ['true', true],
    ["'a' in principal.groups && args.x", false],
    ["call.era == 'modern'", false],
    ['principal.groups.exists(g, g == args.x)', false],
  ])('tells whether it looks at the caller only: %s', (expression, expected) => {
    expect(compile(expression).principalOnly).toBe(expected);
  });
});
