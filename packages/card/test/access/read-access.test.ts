import { describe, expect, it } from 'vitest';
import { accessCard, cardWith } from '../support/access-card.ts';
import { loadCard } from '../../src/index.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const scopes = { a: {}, b: {} };
const base = '/_meta/dev.sallyport~1access';

describe('the access policy', () => {
  it.each<[string, unknown, string, string]>([
    [
      'F-06 a tool without scopes',
      { scopes, tools: { t: {} } },
      '/tools/t/scopes',
      'write [] to allow any valid token',
    ],
    [
      'F-06 scopes that are null',
      { scopes, tools: { t: { scopes: null } } },
      '/tools/t/scopes',
      'is null: who may use it is not decided yet',
    ],
    [
      'F-06 scopes that are a string',
      { scopes, tools: { t: { scopes: 'a' } } },
      '/tools/t/scopes',
      'must be a list, not "a"',
    ],
    ['a rule that is a list', { scopes, tools: { t: ['a'] } }, '/tools/t', 'must be an object, not a list'],
    ['a rule that is null', { scopes, resources: { 'x:y': null } }, '/resources/x:y', 'must be an object, not null'],
    ['tools that are a list', { scopes, tools: [] }, '/tools', 'must be an object, not a list'],
    ['scopes that are a list', { scopes: ['a'] }, '/scopes', 'must be an object'],
    ['an unknown part', { tool: {} }, '/tool', 'use scopes, tools, resources, prompts'],
    [
      'an unknown field',
      { scopes, tools: { t: { scope: ['a'], scopes: [] } } },
      '/tools/t/scope',
      'is not a known field',
    ],
    [
      'an unknown field called __proto__',
      JSON.parse('{"tools":{"t":{"scopes":[],"__proto__":{"disclosure":"hide"}}}}'),
      '/tools/t/__proto__',
      'not a known field',
    ],
    [
      'an undeclared scope',
      { scopes, tools: { t: { scopes: ['a', 'c'] } } },
      '/tools/t/scopes/1',
      '"c" is not a declared scope',
    ],
    [
      'an undeclared alternative',
      { scopes, tools: { t: { anyOf: [['a'], ['b', 'c']] } } },
      '/tools/t/anyOf/1/1',
      '"c" is not a declared scope',
    ],
    [
      'an undeclared step-up',
      { scopes, tools: { t: { scopes: [], when: 'true', stepUp: ['c'] } } },
      '/tools/t/stepUp/0',
      'not a declared scope',
    ],
    [
      'a scope inherited by name only',
      { tools: { t: { scopes: ['constructor'] } } },
      '/tools/t/scopes/0',
      'not a declared scope',
    ],
    ['no alternatives', { scopes, tools: { t: { anyOf: [] } } }, '/tools/t/anyOf', 'nobody may call it'],
    ['an empty alternative', { scopes, tools: { t: { anyOf: ['a', []] } } }, '/tools/t/anyOf/1', 'always holds'],
    [
      'an alternative that is a number',
      { scopes, tools: { t: { anyOf: [1] } } },
      '/tools/t/anyOf/0',
      'must be a list, not 1',
    ],
    [
      'a step-up without a condition',
      { scopes, tools: { t: { scopes: [], stepUp: ['a'] } } },
      '/tools/t/stepUp',
      'has no effect without "when"',
    ],
    [
      'an empty step-up',
      { scopes, tools: { t: { scopes: [], when: 'true', stepUp: [] } } },
      '/tools/t/stepUp',
      'names no scope',
    ],
    [
      'a condition that is empty',
      { scopes, tools: { t: { scopes: [], when: ' ' } } },
      '/tools/t/when',
      'must be a CEL expression',
    ],
    [
      'a condition that is a boolean',
      { scopes, tools: { t: { scopes: [], when: true } } },
      '/tools/t/when',
      'must be a string, not true',
    ],
    [
      'a wrong disclosure',
      { scopes, tools: { t: { scopes: [], disclosure: 'hidden' } } },
      '/tools/t/disclosure',
      'must be "challenge" or "hide", not "hidden"',
    ],
    [
      'a sensitive name without slash',
      { scopes, tools: { t: { scopes: [], sensitive: ['pin'] } } },
      '/tools/t/sensitive/0',
      'must be a JSON pointer',
    ],
    [
      'a sensitive pointer with a bad escape',
      { scopes, prompts: { t: { scopes: [], sensitive: ['/a~2'] } } },
      '/prompts/t/sensitive/0',
      'must be a JSON pointer',
    ],
    [
      'sensitive arguments of a resource',
      { scopes, resources: { 'x:y': { scopes: [], sensitive: ['/a'] } } },
      '/resources/x:y/sensitive',
      'is not a known field',
    ],
    [
      'a wrong audit level',
      { scopes, tools: { t: { scopes: [], audit: { level: 'all' } } } },
      '/tools/t/audit/level',
      'must be "metadata" or "request" or "full"',
    ],
    [
      'a demand on the sign-in that asks for nothing',
      { scopes, tools: { t: { scopes: [], authentication: {} } } },
      '/tools/t/authentication',
      'asks for nothing; set "acrValues" or "maxAgeSeconds", or remove it',
    ],
    [
      'no acr value',
      { scopes, resources: { 'x:y': { scopes: [], authentication: { acrValues: [] } } } },
      '/resources/x:y/authentication/acrValues',
      'needs 1 to 16 values of together at most 1024 characters',
    ],
    [
      'more acr values than fit into a challenge',
      {
        scopes,
        tools: { t: { scopes: [], authentication: { acrValues: 'abcde'.split('').map((x) => x.repeat(250)) } } },
      },
      '/tools/t/authentication/acrValues',
      'needs 1 to 16 values',
    ],
    [
      'an acr value that would break out of a challenge',
      { scopes, prompts: { t: { scopes: [], authentication: { acrValues: ['ok', 'a" max_age="0'] } } } },
      '/prompts/t/authentication/acrValues/1',
      'must be 1 to 256 printable ASCII characters without space, quote and backslash',
    ],
    [
      'an age of no seconds',
      { scopes, tools: { t: { scopes: [], authentication: { maxAgeSeconds: 0 } } } },
      '/tools/t/authentication/maxAgeSeconds',
      'must be a whole number of seconds from 1 to 31536000, not 0',
    ],
    [
      'an age as text',
      { scopes, tools: { t: { scopes: [], authentication: { maxAgeSeconds: '300' } } } },
      '/tools/t/authentication/maxAgeSeconds',
      'must be',
    ],
    [
      'an unknown demand on the sign-in',
      { scopes, tools: { t: { scopes: [], authentication: { acr: 'mfa' } } } },
      '/tools/t/authentication/acr',
      'is not a known field',
    ],
    [
      'F-25 a header annotation',
      { scopes, tools: { t: { scopes: [], 'x-mcp-header': 'Authorization' } } },
      '/tools/t/x-mcp-header',
      'is not a known field',
    ],
    [
      'I-14 an input schema',
      { scopes, tools: { t: { scopes: [], inputSchema: { $ref: 'http://169.254.169.254/' } } } },
      '/tools/t/inputSchema',
      'is not a known field',
    ],
    ['a tool without a name', { tools: { '': { scopes: [] } } }, '/tools/', 'is not a name'],
    [
      'a tool name with a line break',
      { tools: { 'a\nb': { scopes: [] } } },
      String.raw`/tools/a\u000ab`,
      'is not a name',
    ],
    [
      'a tool name that is too long',
      { tools: { ['x'.repeat(1025)]: { scopes: [] } } },
      `/tools/${'x'.repeat(1025)}`,
      'is not a name',
    ],
    [
      'a resource that is no URI',
      { resources: { notes: { scopes: [] } } },
      '/resources/notes',
      'is not an absolute URI',
    ],
    [
      'a template that is not closed',
      { resources: { 'note:///{id': { scopes: [] } } },
      '/resources/note:~1~1~1{id',
      'has a { without its }',
    ],
  ])('is refused with %s', async (_, access, pointer, problem) => {
    const error = await setupErrorOf(accessCard(access));
    expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field: `${base}${pointer}` });
    expect(error.message).toContain(problem);
  });

  it.each([
    { level: 'request' },
    { level: 'full' },
    { mode: 'at-least-one' },
    { level: 'metadata', mode: 'available' },
  ])('lets a tool choose how it is recorded: %j', async (audit) => {
    const card = await accessCard({ scopes, tools: { t: { scopes: [], audit } } });
    expect(card.access.tools.get('t')?.audit).toEqual(audit);
  });

  it('must be there: a card without it could only deny', async () => {
    const error = await setupErrorOf(loadCard({ ...cardWith({}), _meta: { 'com.example/x': 1 } }));
    expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field: base });
    expect(error.remedy).toContain('{} to deny everything on purpose');
  });

  it('is not found under a prototype', async () => {
    const document = { ...cardWith({}), _meta: JSON.parse('{"__proto__":{"dev.sallyport/access":{}}}') as unknown };
    expect((await setupErrorOf(loadCard(document))).field).toBe(base);
  });

  it.each<[string, object, string]>([
    ['no names', { groups: [] }, '/groups'],
    ['a text', { roles: 'admin' }, '/roles'],
    ['an empty name', { groups: ['dba', ''] }, '/groups/1'],
    ['a name with a line break', { roles: ['a\nb'] }, '/roles/0'],
    ['a name with marks of direction', { groups: ['a\u202Eb'] }, '/groups/0'],
    ['a number', { groups: [7] }, '/groups/0'],
    ['too many names', { roles: Array.from({ length: 101 }, (_, i) => `r${i}`) }, '/roles'],
  ])('refuses groups and roles that are %s', async (_, fields, pointer) => {
    const error = await setupErrorOf(accessCard({ scopes, tools: { t: { scopes: ['a'], ...fields } } }));
    expect(error.field).toBe(`${base}/tools/t${pointer}`);
  });

  it('points at a condition that can not work', async () => {
    const error = await setupErrorOf(accessCard({ scopes, prompts: { p: { scopes: [], when: 'user.x == 1' } } }));
    expect(error.field).toBe(`${base}/prompts/p/when`);
    expect(error.message).toContain('uses "user", which does not exist; use principal, args, call');
  });

  it('reads a rule with every field', async () => {
    const rule = {
      description: 'Moves money',
      scopes: ['a', 'a'],
      anyOf: ['b'],
      groups: ['dba', 'dba'],
      roles: ['admin'],
      when: 'args.amount <= 1000',
      stepUp: ['b'],
      disclosure: 'hide',
      sensitive: ['/pin', '/card~1number/0', ''],
      audit: { level: 'metadata', mode: 'available' },
    };
    const card = await accessCard({ scopes, tools: { t: rule } });
    expect(card.access.tools.get('t')).toEqual({ ...rule, scopes: ['a'], anyOf: [['b']], groups: ['dba'] });
  });

  it('has at most 10000 tools', async () => {
    const tools = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`t${i}`, { scopes: [] }]));
    expect((await setupErrorOf(accessCard({ tools }))).message).toContain('has more than 10000 entries');
  });
});
