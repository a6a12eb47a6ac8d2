import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
/** Tokens by their scopes, minted once. */
const tokens = new Map<string, string>();
beforeAll(async () => {
  guard = await openGuard();
  for (const scopes of [
    '',
    'notes:read',
    'notes:write',
    'notes:admin',
    'config:read',
    'payments:write payments:large',
    'echo:call',
  ]) {
    tokens.set(scopes, await guard.token({ subject: `with ${scopes}`, scopes: scopes.split(' ').filter(Boolean) }));
  }
});
afterAll(() => guard.close());

const tool = (name: string, args: Record<string, unknown> = {}): Call => ({
  rpc: ['tools/call', { name, arguments: args }],
});
const read = (uri: string): Call => ({ rpc: ['resources/read', { uri }] });
const prompt = (name: string): Call => ({ rpc: ['prompts/get', { name }] });
const completions = (ref: object): Call => ({
  rpc: ['completion/complete', { ref, argument: { name: 'id', value: '' } }],
});
const note = { id: '7', text: 'x' };
const withScopes = (call: Call, scopes: string) => (): Call => ({ ...call, token: tokens.get(scopes) ?? '' });

const allowed: readonly [string, Call, string][] = [
  ['a tool with its scope (F-01)', tool('read-note', { id: '1' }), 'notes:read'],
  ['a tool with a scope that implies its scope (F-03)', tool('read-note', { id: '1' }), 'notes:write'],
  ['a tool with a scope that implies it over another (F-03)', tool('read-note', { id: '1' }), 'notes:admin'],
  ['a tool that needs the implying scope itself', tool('write-note', note), 'notes:write'],
  ['a hidden tool with its scope', tool('purge-notes'), 'notes:admin'],
  ['a tool for any token', tool('whoami'), ''],
  ['a resource by template', read('note:///1'), 'notes:read'],
  ['a resource by its URI', read('config:///server'), 'config:read'],
  ['a resource whose name is encoded', read('note:///a%20b'), 'notes:read'],
  ['a prompt', prompt('summarize'), 'notes:read'],
];

describe('runs once in either era, and decision and outcome are recorded:', () => {
  for (const [name, call, scopes] of allowed) {
    verifies(
      ['WALK-08-ALLOW', 'WALK-08-IMPLIES', 'WALK-08-ANY-TOKEN', 'WALK-08-RESOURCES', 'WALK-08-PROMPTS'],
      name,
      async () => {
        const sent = await guard.expectAnswered(withScopes(call, scopes));
        await guard.expectNextAnswered();
        for (const { answer, userAgent } of sent) {
          expect(answer.json?.error).toBeUndefined();
          expect(answer.json?.result?.['isError']).not.toBe(true);
          const decisions = guard.target.records().filter(({ source }) => source?.userAgent === userAgent);
          expect(decisions.map(({ decision }) => decision?.effect)).toEqual(['allow']);
          const outcomes = guard.target
            .records()
            .filter(({ type, call: of }) => type === 'mcp.outcome' && of === decisions[0]?.call);
          expect(outcomes.map(({ outcome }) => outcome?.status)).toEqual(['ok']);
        }
      },
    );
  }
});

const short: readonly [string, Call, string, string][] = [
  ['a tool without any scope (F-02)', tool('write-note', note), '', 'notes:write'],
  ['a tool with a scope that is implied by its own (F-02)', tool('write-note', note), 'notes:read', 'notes:write'],
  ['a tool with scopes of others', tool('read-note', { id: '1' }), 'config:read', 'notes:read'],
  ['a tool that would stream', tool('sleep', { ms: 1, progress: true }), 'notes:read', 'echo:call'],
  ['a resource by template (F-49)', read('note:///1'), 'config:read', 'notes:read'],
  ['a resource by its URI (F-49)', read('config:///server'), 'notes:admin', 'config:read'],
  ['a prompt (F-51)', prompt('summarize'), 'echo:call', 'notes:read'],
  ['completions of a prompt', completions({ type: 'ref/prompt', name: 'summarize' }), 'echo:call', 'notes:read'],
  ['completions of a template', completions({ type: 'ref/resource', uri: 'note:///{id}' }), 'echo:call', 'notes:read'],
  [
    'a stream of changes of a resource (F-57)',
    {
      rpc: ['subscriptions/listen', { notifications: { resourceSubscriptions: ['config:///server'] } }],
      eras: ['modern'],
    },
    'notes:read',
    'config:read',
  ],
  [
    'a 2025-era subscription (F-107)',
    { rpc: ['resources/subscribe', { uri: 'config:///server' }], eras: ['legacy'] },
    'notes:read',
    'config:read',
  ],
  [
    'the end of a 2025-era subscription (F-107)',
    { rpc: ['resources/unsubscribe', { uri: 'note:///1' }], eras: ['legacy'] },
    'config:read',
    'notes:read',
  ],
];

describe('is 403 and names the scope it needs:', () => {
  for (const [name, call, scopes, scope] of short) {
    verifies(['WALK-08-SCOPE', 'WALK-08-RESOURCES', 'WALK-08-PROMPTS', 'WALK-08-BEFORE-STREAM'], name, async () => {
      const [record] = await guard.expectRefused('insufficient_scope', withScopes(call, scopes), { scope });
      expect(record?.decision).toMatchObject({ requiredScopes: [scope], missingScopes: [scope] });
    });
  }
});

describe('what the 2025 era has besides', () => {
  const open: readonly [string, Record<string, unknown>][] = [
    ['logging/setLevel', { level: 'info' }],
    ['prompts/list', {}],
    ['resources/list', {}],
    ['resources/templates/list', {}],
  ];
  for (const [method, params] of open) {
    verifies(
      ['LEGACY-SAME-POLICY', 'EDGE-LISTS-FILTERED'],
      `needs only a valid token and shows nothing that needs more: ${method} (F-107)`,
      async () => {
        const token = await guard.token({ subject: 'nothing', scopes: [] });
        const { answer } = await guard.send({ rpc: [method, params], token }, 'legacy');
        expect(answer.status).toBe(200);
        expect(answer.text).not.toMatch(/note:|config:|summarize/);
        await guard.expectRefused('no_token', { rpc: [method, params], token: null, eras: ['legacy'] });
      },
    );
  }

  verifies('WALK-08-UNKNOWN-METHOD', 'and no rule for is refused: default deny in both eras (F-107)', async () => {
    const status = { modern: 404, legacy: 200 } as const;
    for (const era of ['modern', 'legacy'] as const) {
      for (const method of ['resources/unheard-of', 'roots/list', 'sampling/createMessage', 'tasks/list']) {
        const contract = { status: status[era] };
        await guard.expectRefused('unknown_method', { rpc: [method, {}], eras: [era] }, { contract });
      }
    }
  });
});

describe('what the card does not declare', () => {
  verifies('WALK-08-DEFAULT-DENY', 'is refused to everybody, with every scope there is (F-05)', async () => {
    const token = await guard.token({
      scopes: ['notes:admin', 'echo:call', 'config:read', 'payments:write', 'reports:run'],
    });
    await guard.expectRefused('tool_not_in_card', { ...tool('unlisted'), token });
  });

  verifies(
    ['WALK-08-ANY-TOKEN', 'WALK-08-DEFAULT-DENY'],
    'and any tool at all are refused without a token',
    async () => {
      for (const name of ['whoami', 'unlisted', 'purge-notes'])
        await guard.expectRefused('no_token', { ...tool(name), token: null });
    },
  );
});

const sameKind: readonly [string, string, string, readonly string[]][] = [
  ['tools', 'tools/call', 'name', ['purge-notes', 'unlisted', 'nope']],
  ['prompts', 'prompts/get', 'name', ['nope', 'summarise', '__proto__']],
];

describe('hidden, undeclared and unknown', () => {
  for (const [kind, method, key, names] of sameKind) {
    verifies('WALK-08-HIDDEN', `${kind} have one answer, byte for byte, in each era`, async () => {
      const token = tokens.get('notes:read') ?? '';
      for (const make of [modern, legacy]) {
        const answers = await Promise.all(
          names.map((name) => send(guard.target.url, make(method, { [key]: name }, { token, id: 'same' }))),
        );
        const seen = answers.map(({ status, text, headers: { date: _date, ...headers } }) => ({
          status,
          text,
          headers,
        }));
        expect(seen).toEqual(names.map(() => seen[0]));
        expect(seen[0]?.status).toBe(200);
        for (const name of names) expect(seen[0]?.text).not.toContain(name);
      }
    });
  }
});

verifies('WALK-00-NO-SECRET', 'nothing of these tests leaked', () => guard.expectClean());
