import type { Decision, McpCall } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, type RegisteredTargets } from '../../src/index.ts';
import { accessCard, notesAccess } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';

const registered: RegisteredTargets = {
  tools: [...Object.keys(notesAccess.tools), 'unlisted'],
  resources: ['config:///server', 'unlisted:///x'],
  resourceTemplates: ['note:///{id}'],
  prompts: ['summarize', 'unlisted'],
};

const card = await accessCard(notesAccess);
const blind = createAuthorizer(card);
const informed = createAuthorizer(card, { registered });

const tool = (name: string): McpCall => call('tools/call', 'tool', name);
const read = (uri: string): McpCall => call('resources/read', 'resource', uri);
const prompt = (name: string): McpCall => call('prompts/get', 'prompt', name);

/** What a decision says, without the fields that never differ. */
function brief({ effect, reason, rule, missingScopes, challengeScopes, disclosure }: Decision): unknown[] {
  return [reason ?? effect, rule, missingScopes.join(' '), challengeScopes.join(' '), disclosure];
}

describe('a call of a tool', () => {
  it.each<[string, string, string, string, string, string, string, string]>([
    ['F-01 is allowed with its scope', 'notes:read', 'read-note', 'allow', 'tools.read-note', '', '', 'challenge'],
    [
      'F-02 is refused without its scope',
      'notes:read',
      'write-note',
      'insufficient_scope',
      'tools.write-note',
      'notes:write',
      'notes:write',
      'challenge',
    ],
    [
      'F-02 is refused without any scope',
      '',
      'read-note',
      'insufficient_scope',
      'tools.read-note',
      'notes:read',
      'notes:read',
      'challenge',
    ],
    [
      'F-03 is allowed with a scope that implies its own',
      'notes:admin',
      'read-note',
      'allow',
      'tools.read-note',
      '',
      '',
      'challenge',
    ],
    ['is allowed for any token when its scopes are []', '', 'whoami', 'allow', 'tools.whoami', '', '', 'challenge'],
    [
      'is refused without a trace when it is hidden',
      'notes:write',
      'purge-notes',
      'insufficient_scope',
      'tools.purge-notes',
      'notes:admin',
      '',
      'hide',
    ],
    [
      'is allowed when it is hidden and its scope is held',
      'notes:admin',
      'purge-notes',
      'allow',
      'tools.purge-notes',
      '',
      '',
      'challenge',
    ],
    [
      'is refused for its condition',
      'payments:write',
      'transfer',
      'condition',
      'tools.transfer',
      'payments:large',
      'payments:write payments:large',
      'challenge',
    ],
    [
      'is refused for its condition when no step-up is left',
      'payments:write payments:large',
      'transfer',
      'condition',
      'tools.transfer',
      '',
      '',
      'challenge',
    ],
    [
      'is refused for its scope before its condition',
      'payments:large',
      'transfer',
      'insufficient_scope',
      'tools.transfer',
      'payments:write',
      'payments:write',
      'challenge',
    ],
    [
      'ignores scopes that the card does not declare',
      'notes:read write-note *',
      'write-note',
      'insufficient_scope',
      'tools.write-note',
      'notes:write',
      'notes:write',
      'challenge',
    ],
  ])('%s', (_, scopes, name, ...expected) => {
    for (const authorizer of [blind, informed]) {
      expect(brief(authorizer.decide(principalWith(...scopes.split(' ')), tool(name)))).toEqual(expected);
    }
  });

  it('F-05 is refused when the server registers it and the card does not have it, whatever the token', () => {
    const everything = principalWith(...Object.keys(notesAccess.scopes));
    expect(brief(informed.decide(everything, tool('unlisted')))).toEqual([
      'tool_not_in_card',
      'default',
      '',
      '',
      'hide',
    ]);
    expect(informed.sees(everything, { kind: 'tool', name: 'unlisted' })).toBe(false);
  });

  it('F-07 is refused in the same way when nobody knows it', () => {
    const unknown = informed.decide(principalWith(), tool('nope'));
    expect(brief(unknown)).toEqual(['unknown_tool', 'default', '', '', 'hide']);
    expect({ ...informed.decide(principalWith(), tool('unlisted')), reason: 'unknown_tool' }).toEqual(unknown);
  });

  it('F-09 is refused when the tool came later and the card does not have it', () => {
    expect(blind.decide(principalWith('notes:admin'), tool('added-later')).reason).toBe('tool_not_in_card');
  });

  it('is refused as unknown when the card has it and the server does not', () => {
    const authorizer = createAuthorizer(card, { registered: { ...registered, tools: ['whoami'] } });
    expect(authorizer.decide(principalWith('notes:read'), tool('read-note')).reason).toBe('unknown_tool');
    expect(authorizer.sees(principalWith('notes:read'), { kind: 'tool', name: 'read-note' })).toBe(false);
    expect(authorizer.decide(principalWith(), tool('whoami')).effect).toBe('allow');
  });

  it.each([
    'READ-NOTE',
    'read-note ',
    ' read-note',
    'read-note\u0000',
    'read-note\n',
    'read\u200b-note',
    'reаd-note',
    'read－note',
    'read-note\u0301',
    '\u202eread-note',
    'x'.repeat(65_536),
    '',
    '__proto__',
    'constructor',
    'toString',
  ])('F-38 compares names exactly: %j is not read-note', (name) => {
    expect(informed.decide(principalWith('notes:admin'), tool(name)).reason).toBe('unknown_tool');
  });

  it('F-37 enforces the rule of a tool called __proto__', async () => {
    const access = JSON.parse('{"scopes":{"a":{}},"tools":{"__proto__":{"scopes":["a"]}}}') as unknown;
    const authorizer = createAuthorizer(await accessCard(access));
    expect(authorizer.decide(principalWith(), tool('__proto__')).reason).toBe('insufficient_scope');
    expect(authorizer.decide(principalWith('a'), tool('__proto__')).effect).toBe('allow');
    expect(authorizer.decide(principalWith('a'), tool('constructor')).reason).toBe('tool_not_in_card');
  });

  it('F-41 F-42 depends on nothing that the caller writes beside its name', () => {
    const plain = tool('write-note');
    const boastful: McpCall = {
      ...plain,
      client: 'admin-console/1',
      arguments: { scopes: ['notes:write'], user: 'admin' },
    };
    const principal = principalWith('notes:read');
    expect(blind.decide(principal, boastful)).toEqual(blind.decide(principal, plain));
  });

  it('F-27 is decided in the same way in both eras', () => {
    const modern = tool('write-note');
    const legacy: McpCall = { ...modern, era: 'legacy', protocolVersion: '2025-03-26' };
    for (const scopes of [[], ['notes:write']]) {
      expect(blind.decide(principalWith(...scopes), legacy)).toEqual(blind.decide(principalWith(...scopes), modern));
    }
  });

  it('carries what the records need', () => {
    const decision = blind.decide(principalWith('payments:write'), tool('transfer'));
    expect(decision).toMatchObject({ requiredScopes: ['payments:write'], sensitive: ['/pin'], policy: card.policy });
    expect(Object.isFrozen(decision)).toBe(true);
  });
});

describe('alternatives', () => {
  const access = {
    scopes: { a: {}, b: {}, c: {}, d: {} },
    tools: { t: { scopes: ['a'], anyOf: [['b', 'c'], 'd'] } },
  };

  it.each<[string, string, string, string]>([
    ['a b c', 'allow', 'a b c', ''],
    ['a d', 'allow', 'a d', ''],
    ['a b c d', 'allow', 'a b c', ''],
    ['a', 'insufficient_scope', 'a d', 'd'],
    ['a b', 'insufficient_scope', 'a b c', 'c'],
    ['d', 'insufficient_scope', 'a d', 'a'],
    ['', 'insufficient_scope', 'a d', 'a d'],
  ])(
    'with the scopes "%s" answer %s and ask for the least that is missing',
    async (scopes, outcome, required, missing) => {
      const decision = createAuthorizer(await accessCard(access)).decide(
        principalWith(...scopes.split(' ')),
        tool('t'),
      );
      expect(decision.reason ?? decision.effect).toBe(outcome);
      expect(decision.requiredScopes.join(' ')).toBe(required);
      expect(decision.missingScopes.join(' ')).toBe(missing);
      expect(decision.challengeScopes).toEqual(outcome === 'allow' ? [] : decision.requiredScopes);
    },
  );
});

describe('conditions', () => {
  it('without step-up name no scope in the challenge', async () => {
    const authorizer = createAuthorizer(
      await accessCard({ scopes: { a: {} }, tools: { t: { scopes: ['a'], when: 'false' } } }),
    );
    expect(brief(authorizer.decide(principalWith('a'), tool('t')))).toEqual([
      'condition',
      'tools.t',
      '',
      '',
      'challenge',
    ]);
  });

  it('of a hidden tool deny openly whoever sees it in a list, and nobody else', async () => {
    const hidden = { scopes: ['a'], disclosure: 'hide' };
    const tools = {
      args: { ...hidden, when: 'args.n < 1.0' },
      caller: { ...hidden, when: "'a' in principal.groups", stepUp: ['a'] },
      group: { ...hidden, groups: ['dba'] },
      role: { ...hidden, scopes: [], roles: ['dba'] },
    };
    const authorizer = createAuthorizer(await accessCard({ scopes: { a: {} }, tools }));
    const shown = Object.keys(tools).filter((name) => {
      const { disclosure, challengeScopes } = authorizer.decide(principalWith('a'), tool(name));
      expect(challengeScopes).toEqual([]);
      expect(authorizer.sees(principalWith('a'), { kind: 'tool', name })).toBe(disclosure === 'challenge');
      expect(authorizer.decide(principalWith(), tool(name)).disclosure).toBe('hide');
      return disclosure === 'challenge';
    });
    expect(shown).toEqual(['args']);
  });

  it('that look at the caller only are evaluated once for each caller', async () => {
    const when = "principal.groups.exists(g, principal.roles.exists(r, r == g + '-admin'))";
    const names = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    const tools = Object.fromEntries(names.map((name) => [name, { scopes: [], when }]));
    const authorizer = createAuthorizer(await accessCard({ tools }));
    let reads = 0;
    const groups = Array.from({ length: 20 }, (_, index) => `g${index}`);
    const counted = new Proxy(groups, {
      get: (target, key): unknown => {
        if (key === Symbol.iterator || key === '0') reads += 1;
        return Reflect.get(target, key);
      },
    });
    const caller = Object.freeze({ ...principalWith(), groups: counted, roles: ['g19-admin'] });
    expect(names.every((name) => authorizer.sees(caller, { kind: 'tool', name }))).toBe(true);
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThan(10);
  });
});

describe('a read of a resource', () => {
  it.each<[string, string, string, string, string]>([
    ['F-49 is allowed with the scope of its template', 'notes:read', 'note:///1', 'allow', 'resources.note:///{id}'],
    [
      'F-49 is refused without the scope of its template',
      '',
      'note:///1',
      'insufficient_scope',
      'resources.note:///{id}',
    ],
    ['is allowed by its URI', 'config:read', 'config:///server', 'allow', 'resources.config:///server'],
    ['is refused by its URI', 'notes:admin', 'config:///server', 'insufficient_scope', 'resources.config:///server'],
    ['F-49 does not climb', 'notes:read', 'note:///a/../1', 'unknown_resource', 'default'],
    ['F-49 does not climb with one segment', 'notes:read', 'note:///..', 'resource_not_in_card', 'default'],
    ['F-49 has no lower or upper case', 'config:read', 'CONFIG:///server', 'unknown_resource', 'default'],
    ['F-49 has no trailing slash', 'config:read', 'config:///server/', 'unknown_resource', 'default'],
    ['F-49 is not decoded', 'config:read', 'config:///%73erver', 'unknown_resource', 'default'],
    ['does not take a template for a URI', 'notes:read', 'note:///{id}', 'resource_not_in_card', 'default'],
    ['is refused when only the server has it', 'notes:admin', 'unlisted:///x', 'resource_not_in_card', 'default'],
    ['is refused when nobody has it', 'notes:admin', 'other:///x', 'unknown_resource', 'default'],
    ['F-39 is refused without a URI', 'notes:read', '', 'unknown_resource', 'default'],
  ])('%s', (_, scopes, uri, outcome, rule) => {
    const decision = informed.decide(principalWith(...scopes.split(' ')), read(uri));
    expect([decision.reason ?? decision.effect, decision.rule]).toEqual([outcome, rule]);
    for (const method of ['resources/subscribe', 'resources/unsubscribe']) {
      const message: McpCall = { ...call(method, 'resource', uri), era: 'legacy' };
      expect(informed.decide(principalWith(...scopes.split(' ')), message)).toEqual(decision);
    }
  });

  it.each([
    'note:///%2e%2e',
    'note:///%2E%2e',
    'note:///..%2fsecret',
    'note:///.',
    'note:///1?q',
    'note:///1#f',
    'note:///1\n',
    'note:////1',
    'NOTE:///1',
    'note:///é',
    'note:///1%',
    'note:///',
  ])('F-49 matches only URIs in normal form: %j is no note', (uri) => {
    expect(blind.decide(principalWith('notes:read'), read(uri)).reason).toBe('resource_not_in_card');
    expect(blind.sees(principalWith('notes:read'), { kind: 'resource', name: uri })).toBe(false);
  });

  it('F-49 climbs out of no template with slashes, not even where URIs are opaque', async () => {
    const resources = { 'doc:{+path}': { scopes: [] }, 'file:///pub/{+path}': { scopes: [] } };
    const authorizer = createAuthorizer(await accessCard({ resources }));
    const outcome = (uri: string): string => authorizer.decide(principalWith(), read(uri)).effect;
    expect(['doc:a/b', 'file:///pub/a/b'].map(outcome)).toEqual(['allow', 'allow']);
    expect(
      ['doc:a/../b', 'doc:../b', 'file:///pub/../etc', 'file:///pub/%2e%2e/etc', 'file:///pub/..%2fetc'].map(outcome),
    ).toEqual(Array.from({ length: 5 }, () => 'deny'));
  });

  it('F-50 refuses a URI of more than 8 KiB unread', async () => {
    const authorizer = createAuthorizer(await accessCard({ resources: { 'note:{/id*}': { scopes: [] } } }));
    const outcome = (length: number): string =>
      authorizer.decide(principalWith(), read(`note:${'/a'.repeat(length / 2)}`)).effect;
    expect([outcome(8_000), outcome(9_000), outcome(70_000)]).toEqual(['allow', 'deny', 'deny']);
  });

  it('is decided by its own rule where the card names the URI, whatever templates match', async () => {
    const resources = { 'note:///{id}': { scopes: ['a'] }, 'note:///public': { scopes: [] } };
    const authorizer = createAuthorizer(await accessCard({ scopes: { a: {} }, resources }));
    expect(authorizer.decide(principalWith(), read('note:///public')).rule).toBe('resources.note:///public');
    expect(authorizer.decide(principalWith(), read('note:///public')).effect).toBe('allow');
    expect(authorizer.decide(principalWith(), read('note:///other')).effect).toBe('deny');
  });

  it('needs what all matching templates need, in any order of the card', async () => {
    const scopes = { a: {}, b: {} };
    const first = { 'note:///{id}': { scopes: ['a'] }, 'note:///{+path}': { scopes: ['b'] } };
    const second = { 'note:///{+path}': { scopes: ['b'] }, 'note:///{id}': { scopes: ['a'] } };
    const authorizers = await Promise.all(
      [first, second].map(async (resources) => createAuthorizer(await accessCard({ scopes, resources }))),
    );
    for (const authorizer of authorizers) {
      const decide = (...held: string[]): Decision => authorizer.decide(principalWith(...held), read('note:///1'));
      expect(brief(decide('a'))).toEqual([
        'insufficient_scope',
        'resources.note:///{+path} + resources.note:///{id}',
        'b',
        'b a',
        'challenge',
      ]);
      expect(decide('a', 'b').effect).toBe('allow');
      expect(authorizer.sees(principalWith('a'), { kind: 'resource', name: 'note:///1' })).toBe(false);
      expect(authorizer.decide(principalWith('b'), read('note:///1/2')).effect).toBe('allow');
    }
  });

  it('stays hidden while the scope of a hidden matching template is missing', async () => {
    const resources = { 'note:///{id}': { scopes: ['a'] }, 'note:///{+path}': { scopes: ['b'], disclosure: 'hide' } };
    const authorizer = createAuthorizer(await accessCard({ scopes: { a: {}, b: {} }, resources }));
    const decide = (...held: string[]): Decision => authorizer.decide(principalWith(...held), read('note:///1'));
    expect(brief(decide('a')).slice(2)).toEqual(['b', '', 'hide']);
    expect(brief(decide()).slice(2)).toEqual(['b a', '', 'hide']);
    expect(brief(decide('b')).slice(2)).toEqual(['a', 'b a', 'challenge']);
  });

  it('keeps the strictest settings of all matching templates', async () => {
    const resources = {
      'note:///{id}': { scopes: ['a'], audit: { mode: 'available' } },
      'note:///{+path}': { scopes: [], audit: { mode: 'strict', level: 'metadata' } },
      'note:///{+any}': { scopes: [], when: "'b' in principal.scopes", stepUp: ['b'] },
    };
    const authorizer = createAuthorizer(await accessCard({ scopes: { a: {}, b: {} }, resources }));
    const decision = authorizer.decide(principalWith('a'), read('note:///1'));
    expect(decision).toMatchObject({ reason: 'condition', missingScopes: ['b'], challengeScopes: ['a', 'b'] });
    expect(decision.audit).toEqual({ mode: 'strict', level: 'metadata' });
  });

  it('needs the scopes of what a URI becomes in normal form, too', async () => {
    const resources = {
      'note:///{id}': { scopes: ['a'] },
      'note:///x/../1': { scopes: ['b'] },
      'http://example.com': { scopes: ['b'] },
    };
    const authorizer = createAuthorizer(await accessCard({ scopes: { a: {}, b: {} }, resources }));
    expect(authorizer.decide(principalWith('b'), read('note:///x/../1')).missingScopes).toEqual(['a']);
    expect(authorizer.decide(principalWith('b', 'a'), read('note:///x/../1')).effect).toBe('allow');
    expect(authorizer.decide(principalWith('b'), read('http://example.com')).effect).toBe('allow');
  });

  it('is refused where an undeclared template of the server could answer it', async () => {
    const resources = { 'note:///{id}': { scopes: [] } };
    const server = { ...registered, resourceTemplates: ['note:///{id}', 'note:///a{rest:3}'] };
    const authorizer = createAuthorizer(await accessCard({ resources }), { registered: server });
    expect(authorizer.decide(principalWith(), read('note:///b1')).effect).toBe('allow');
    expect(authorizer.decide(principalWith(), read('note:///a1')).reason).toBe('resource_not_in_card');
  });

  it('is refused as unknown when the card has it and the server does not', async () => {
    const resources = { 'note:///{id}': { scopes: [] }, 'config:///x': { scopes: [] }, 'file:///{id}': { scopes: [] } };
    const server = { ...registered, resources: ['file:///1'], resourceTemplates: [] };
    const authorizer = createAuthorizer(await accessCard({ resources }), { registered: server });
    const outcomes = ['note:///1', 'config:///x', 'file:///2'].map((uri) =>
      authorizer.decide(principalWith(), read(uri)),
    );
    expect(outcomes.map(({ effect, reason }) => reason ?? effect)).toEqual([
      'unknown_resource',
      'unknown_resource',
      'allow',
    ]);
  });
});

describe('a prompt', () => {
  it.each<[string, string, string, string]>([
    ['F-51 is refused without its scope', '', 'summarize', 'insufficient_scope'],
    ['is given with its scope', 'notes:write', 'summarize', 'allow'],
    ['F-51 is refused when the card does not have it', 'notes:admin', 'unlisted', 'prompt_not_in_card'],
    ['is refused when nobody knows it', 'notes:admin', 'nope', 'unknown_prompt'],
    ['is not a tool of the same name', 'notes:admin', 'read-note', 'unknown_prompt'],
  ])('%s', (_, scopes, name, outcome) => {
    const decision = informed.decide(principalWith(...scopes.split(' ')), prompt(name));
    expect(decision.reason ?? decision.effect).toBe(outcome);
  });
});

describe('a completion', () => {
  const complete = (kind: 'prompt' | 'resource', name: string): McpCall => call('completion/complete', kind, name);

  it.each<[string, string, McpCall, string]>([
    ['follows its prompt', 'notes:read', complete('prompt', 'summarize'), 'allow'],
    ['follows its prompt without scope', '', complete('prompt', 'summarize'), 'insufficient_scope'],
    ['follows its template, as it is written', 'notes:read', complete('resource', 'note:///{id}'), 'allow'],
    ['follows its template without scope', '', complete('resource', 'note:///{id}'), 'insufficient_scope'],
    ['follows its resource', 'config:read', complete('resource', 'config:///server'), 'allow'],
    ['follows the template of its resource', '', complete('resource', 'note:///1'), 'insufficient_scope'],
    ['of an unknown prompt is refused', 'notes:read', complete('prompt', 'nope'), 'unknown_prompt'],
    ['of an unknown template is refused', 'notes:read', complete('resource', 'note:///{other}'), 'unknown_resource'],
    ['of a tool is refused', 'notes:read', call('completion/complete', 'tool', 'read-note'), 'unknown_prompt'],
    ['of nothing is refused', 'notes:read', call('completion/complete'), 'unknown_prompt'],
  ])('%s', (_, scopes, message, outcome) => {
    const decision = informed.decide(principalWith(...scopes.split(' ')), message);
    expect(decision.reason ?? decision.effect).toBe(outcome);
  });

  it('of a hidden prompt or resource answers as for an unknown one', async () => {
    const hidden = { scopes: ['a'], disclosure: 'hide' };
    const authorizer = createAuthorizer(
      await accessCard({ scopes: { a: {} }, prompts: { p: hidden }, resources: { 'x:{id}': hidden } }),
    );
    const messages = [complete('prompt', 'p'), complete('resource', 'x:{id}'), complete('resource', 'x:1')];
    for (const message of messages)
      expect(authorizer.decide(principalWith(), message)).toMatchObject({ disclosure: 'hide', challengeScopes: [] });
  });
});

describe('subscriptions/listen', () => {
  it.each<[string, string, readonly string[], string, string]>([
    ['without resources needs only a token', '', [], 'allow', 'methods.subscriptions/listen'],
    [
      'F-57 is refused when one resource lacks its scope',
      'notes:read',
      ['note:///1', 'config:///server'],
      'insufficient_scope',
      'methods.subscriptions/listen',
    ],
    [
      'is allowed when all resources are',
      'notes:read config:read',
      ['note:///1', 'config:///server'],
      'allow',
      'methods.subscriptions/listen',
    ],
    ['follows one rule when it is one', 'notes:read', ['note:///1', 'note:///2'], 'allow', 'resources.note:///{id}'],
    [
      'is refused when one resource is unknown',
      'notes:read',
      ['note:///1', 'other:///x'],
      'unknown_resource',
      'default',
    ],
    [
      'is refused as unknown when another lacks its scope, too',
      '',
      ['note:///1', 'other:///x'],
      'unknown_resource',
      'default',
    ],
  ])('%s', (_, scopes, uris, outcome, rule) => {
    const decision = informed.decide(principalWith(...scopes.split(' ')), listen(...uris));
    expect([decision.reason ?? decision.effect, decision.rule]).toEqual([outcome, rule]);
  });

  it('asks for every scope that all its resources need', () => {
    const decision = informed.decide(
      principalWith('config:read'),
      listen('note:///1', 'config:///server', 'note:///2'),
    );
    expect(decision).toMatchObject({
      requiredScopes: ['notes:read', 'config:read'],
      missingScopes: ['notes:read'],
      challengeScopes: ['notes:read', 'config:read'],
    });
  });

  it('answers as for an unknown resource when one is hidden, whatever else is missing', async () => {
    const resources = { 'x:1': { scopes: ['a'] }, 'x:2': { scopes: ['b'], disclosure: 'hide' } };
    const authorizer = createAuthorizer(await accessCard({ scopes: { a: {}, b: {} }, resources }));
    expect(authorizer.decide(principalWith(), listen('x:1', 'x:2'))).toMatchObject({
      disclosure: 'hide',
      challengeScopes: [],
    });
    expect(authorizer.decide(principalWith('a'), listen('x:1', 'x:2'))).toMatchObject({
      disclosure: 'hide',
      challengeScopes: [],
    });
    expect(authorizer.decide(principalWith('b'), listen('x:1', 'x:2'))).toMatchObject({
      disclosure: 'challenge',
      challengeScopes: ['a', 'b'],
    });
  });

  it('is refused for targets that are no resources', () => {
    const message: McpCall = { ...listen(), targets: [{ kind: 'tool', name: 'whoami' }] };
    expect(informed.decide(principalWith(), message).reason).toBe('unknown_resource');
  });
});

describe('a method', () => {
  it.each([
    'initialize',
    'ping',
    'server/discover',
    'logging/setLevel',
    'tools/list',
    'resources/list',
    'resources/templates/list',
    'prompts/list',
  ])('F-54 F-107 %s needs only a valid token', (method) => {
    expect(brief(blind.decide(principalWith(), call(method)))).toEqual([
      'allow',
      `methods.${method}`,
      '',
      '',
      'challenge',
    ]);
  });

  it.each([
    'admin/x',
    'tools/run',
    'TOOLS/CALL',
    'tools/call ',
    'tasks/list',
    'tasks/other',
    'roots/list',
    'sampling/createMessage',
    'elicitation/create',
    'notifications/initialized',
    '__proto__',
    'constructor',
    '',
  ])('F-55 %j is refused as unknown when it is requested', (method) => {
    expect(brief(blind.decide(principalWith('notes:admin'), call(method)))).toEqual([
      'unknown_method',
      'default',
      '',
      '',
      'challenge',
    ]);
  });

  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])('F-62 %s finds no task', (method) => {
    expect(brief(blind.decide(principalWith('notes:admin'), call(method, 'task', 'id-1')))).toEqual([
      'unknown_task',
      'default',
      '',
      '',
      'hide',
    ]);
    expect(blind.decide(principalWith(), call(method)).reason).toBe('unknown_task');
  });

  it.each(['resources/subscribe', 'resources/unsubscribe', 'tasks/result'])(
    'F-107 %s belongs to the 2025 era only',
    (method) => {
      const request = call(method, method === 'tasks/result' ? 'task' : 'resource', 'note:///1');
      const principal = principalWith('notes:read');
      expect(blind.decide(principal, request).reason).toBe('unknown_method');
      const legacy = blind.decide(principal, { ...request, era: 'legacy' });
      expect(legacy.reason ?? legacy.effect).toBe(method === 'tasks/result' ? 'unknown_task' : 'allow');
    },
  );

  it.each<[string, McpCall, string]>([
    ['tools/call without a name', call('tools/call'), 'unknown_tool'],
    ['tools/call of a prompt', call('tools/call', 'prompt', 'summarize'), 'unknown_tool'],
    ['prompts/get without a name', call('prompts/get'), 'unknown_prompt'],
    ['resources/read of a tool', call('resources/read', 'tool', 'whoami'), 'unknown_resource'],
    ['tools/call of a task', call('tools/call', 'task', 'x'), 'unknown_tool'],
  ])('F-39 %s is refused', (_, message, reason) => {
    expect(blind.decide(principalWith('notes:admin'), message).reason).toBe(reason);
  });
});

describe('a notification', () => {
  it.each([
    'notifications/initialized',
    'notifications/cancelled',
    'notifications/progress',
    'notifications/of/tomorrow',
  ])('%s needs only a valid token', (method) => {
    expect(brief(blind.decide(principalWith(), notification(call(method))))).toEqual([
      'allow',
      'methods.notifications/*',
      '',
      '',
      'challenge',
    ]);
  });

  it.each<[string, string, McpCall, string]>([
    [
      'F-43 of a tool call without the scope is refused for the scope',
      'notes:read',
      tool('write-note'),
      'insufficient_scope',
    ],
    [
      'F-43 of a tool call with the scope is refused all the same',
      'notes:write',
      tool('write-note'),
      'notification_refused',
    ],
    ['of an unknown tool call is refused as that', 'notes:write', tool('nope'), 'unknown_tool'],
    ['of a list method is refused', '', call('tools/list'), 'notification_refused'],
    ['of a listen request is refused', '', listen(), 'notification_refused'],
    ['of an unknown method is refused as that', '', call('admin/x'), 'unknown_method'],
  ])('%s', (_, scopes, message, reason) => {
    expect(informed.decide(principalWith(...scopes.split(' ')), notification(message)).reason).toBe(reason);
  });
});

describe('a posted response', () => {
  it('F-45 is not decided here', () => {
    const response: McpCall = { ...call(''), kind: 'response' };
    expect(blind.decide(principalWith('notes:admin'), response).reason).toBe('response_refused');
  });
});

describe('a list', () => {
  it('F-46 shows what its reader may use', () => {
    const principal = principalWith('notes:read', 'payments:write');
    const tools = registered.tools.filter((name) => informed.sees(principal, { kind: 'tool', name }));
    expect(tools).toEqual(['whoami', 'read-note', 'transfer']);
    expect(informed.sees(principal, { kind: 'prompt', name: 'summarize' })).toBe(true);
    expect(informed.sees(principal, { kind: 'prompt', name: 'unlisted' })).toBe(false);
    expect(informed.sees(principal, { kind: 'resource', name: 'note:///1' })).toBe(true);
    expect(informed.sees(principal, { kind: 'resource', name: 'config:///server' })).toBe(false);
    expect(informed.sees(principal, { kind: 'task', name: 'x' })).toBe(false);
  });

  it('finds templates by their exact text', () => {
    const principal = principalWith('notes:read');
    expect(informed.sees(principal, { kind: 'resource', name: 'note:///{id}' }, true)).toBe(true);
    expect(informed.sees(principal, { kind: 'resource', name: 'note:///{ID}' }, true)).toBe(false);
    expect(informed.sees(principal, { kind: 'resource', name: 'note:///{id}' })).toBe(false);
    expect(informed.sees(principalWith(), { kind: 'resource', name: 'note:///{id}' }, true)).toBe(false);
  });

  it('F-47 is another one for every reader', () => {
    const visible = (...scopes: string[]): number =>
      registered.tools.filter((name) => informed.sees(principalWith(...scopes), { kind: 'tool', name })).length;
    expect([visible('notes:admin'), visible(), visible('notes:admin'), visible('notes:read')]).toEqual([4, 1, 4, 2]);
  });
});

describe('a principal that is not frozen', () => {
  it('is read anew for every decision', () => {
    const scopes: string[] = [];
    const principal = { ...principalWith(), scopes };
    expect(blind.decide(principal, tool('read-note')).effect).toBe('deny');
    scopes.push('notes:read');
    expect(blind.decide(principal, tool('read-note')).effect).toBe('allow');
  });
});
