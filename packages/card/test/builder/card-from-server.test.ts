import { McpServer, requireScopes, ResourceTemplate, Server } from '@modelcontextprotocol/server';
import type { JsonObject } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { accessKey, cardFromServer, formatCard, inspectCard, loadCard, type BuiltCard } from '../../src/index.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const name = 'com.example/notes';
const nothing = (): { content: [] } => ({ content: [] });

function notesServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '2.1.0', title: 'Notes of everybody' });
  server.registerTool(
    'read-note',
    { description: 'Returns a note\nand more', scopeChallenge: requireScopes('notes:read') },
    nothing,
  );
  server.registerTool(
    'write-note',
    { _meta: { [accessKey]: { scopes: ['notes:write'], sensitive: ['/text'] } } },
    nothing,
  );
  server.registerTool('whoami', { _meta: { [accessKey]: [] } }, nothing);
  server.registerTool('unlisted', {}, nothing);
  server.registerTool(
    'varies',
    { scopeChallenge: ({ request }) => (request.params?.['arguments'] === 1 ? undefined : { scopes: ['a'] }) },
    nothing,
  );
  server.registerResource('config', 'config:///server', { scopeChallenge: requireScopes('config:read') }, () => ({
    contents: [],
  }));
  const template = new ResourceTemplate('note:///{id}', {
    list: () => ({ resources: [{ uri: 'note:///1', name: 'one' }] }),
  });
  server.registerResource('note', template, { scopeChallenge: requireScopes('notes:read') }, () => ({ contents: [] }));
  server.registerPrompt('summarize', { description: 'Sums up' }, () => ({ messages: [] }));
  return server;
}

function accessOf({ document }: BuiltCard): Record<string, Record<string, unknown>> {
  return (document['_meta'] as JsonObject)[accessKey] as Record<string, Record<string, unknown>>;
}

/** A server that lists just these tools. */
function toolServer(...tools: readonly object[]): () => Server {
  return () => {
    const server = new Server({ name, version: '1.0.0' }, { capabilities: { tools: {} } });
    const listed = tools.map((tool) => ({ inputSchema: { type: 'object' as const }, ...tool }));
    server.setRequestHandler('tools/list', () => ({ tools: listed }) as { tools: [] });
    return server;
  };
}

describe('cardFromServer', () => {
  it('writes what is registered, with the scopes that the server declares', async () => {
    const built = await cardFromServer(notesServer, { name });
    expect(built.document).toMatchObject({ name, version: '2.1.0', description: 'Notes of everybody' });
    expect(accessOf(built)).toEqual({
      scopes: { 'notes:read': {}, 'notes:write': {}, 'config:read': {} },
      tools: {
        'read-note': { description: 'Returns a note', scopes: ['notes:read'] },
        'write-note': { scopes: ['notes:write'], sensitive: ['/text'] },
        whoami: { scopes: [] },
        unlisted: { scopes: null },
        varies: { scopes: null },
      },
      resources: { 'config:///server': { scopes: ['config:read'] }, 'note:///{id}': { scopes: ['notes:read'] } },
      prompts: { summarize: { description: 'Sums up', scopes: null } },
    });
    expect(built.undecided).toEqual(['tools.unlisted', 'tools.varies', 'prompts.summarize']);
    expect(built.notes).toEqual(['tools.varies: its scopes depend on the request']);
  });

  // @verifies CARD-BUILT-DENIES
  it('writes a card that starts no server until somebody decides, and names what is to be decided', async () => {
    const { document } = await cardFromServer(notesServer, { name });
    const { mistakes } = await inspectCard(document);
    expect(mistakes.map(({ pointer }) => pointer)).toEqual([
      '/_meta/dev.sallyport~1access/tools/unlisted/scopes',
      '/_meta/dev.sallyport~1access/tools/varies/scopes',
      '/_meta/dev.sallyport~1access/prompts/summarize/scopes',
    ]);
    for (const { problem } of mistakes) expect(problem).toBe('is null: who may use it is not decided yet');
  });

  it('writes a card that can be used as it is when everything is declared', async () => {
    const built = await cardFromServer(toolServer({ name: 't', _meta: { [accessKey]: ['a'] } }));
    expect(built.undecided).toEqual([]);
    expect((await loadCard(built.document)).access.tools.get('t')?.scopes).toEqual(['a']);
  });

  it.each<[string, unknown, unknown]>([
    ['one scheme', [{ type: 'oauth2', scopes: ['a', 'b'] }], { scopes: ['a', 'b'] }],
    [
      'alternatives',
      [
        { type: 'oauth2', scopes: ['a'] },
        { type: 'oauth2', scopes: ['b'] },
      ],
      { scopes: [], anyOf: [['a'], ['b']] },
    ],
    ['no authentication', [{ type: 'noauth' }], { scopes: null }],
    ['an alternative without scopes', [{ type: 'noauth' }, { type: 'oauth2', scopes: ['a'] }], { scopes: null }],
    ['a scheme without scopes', [{ type: 'oauth2', scopes: [] }], { scopes: null }],
    ['no schemes', [], { scopes: null }],
    ['nonsense', 'oauth2', { scopes: null }],
    ['scopes that are none', [{ type: 'oauth2', scopes: ['a b'] }], { scopes: null }],
  ])('takes securitySchemes with %s, never as permission', async (_, securitySchemes, rule) => {
    for (const tool of [{ securitySchemes }, { _meta: { securitySchemes } }]) {
      const built = await cardFromServer(toolServer({ name: 't', ...tool }));
      expect(accessOf(built)['tools']?.['t']).toEqual(rule);
    }
  });

  it.each<[string, unknown]>([
    ['a text', 'a'],
    ['a number', 1],
    ['scopes that are none', ['a b']],
    ['a rule without scopes', { disclosure: 'hide' }],
    ['a rule whose scopes are null', { scopes: null }],
  ])('leaves a tool whose _meta has %s undecided', async (_, access) => {
    const built = await cardFromServer(toolServer({ name: 't', _meta: { [accessKey]: access } }));
    expect(built.undecided).toEqual(['tools.t']);
    expect(accessOf(built)['tools']?.['t']).toMatchObject({ scopes: null });
  });

  it('needs a name that a card can have', async () => {
    const error = await setupErrorOf(cardFromServer(notesServer));
    expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field: '/name' });
    expect(error.problem).toContain('"notes"');
  });

  it('takes a tool called __proto__', async () => {
    const built = await cardFromServer(toolServer({ name: '__proto__' }));
    expect(Object.keys(accessOf(built)['tools'] ?? {})).toEqual(['__proto__']);
  });
});

describe('bringing a card up to date', () => {
  const existing = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name,
    version: '1.0.0',
    description: 'By hand',
    _meta: {
      [accessKey]: {
        scopes: { 'notes:read': { description: 'Read' }, 'notes:all': {} },
        tools: {
          'read-note': { scopes: ['notes:all'] },
          'write-note': { description: 'Writes', scopes: null },
          gone: { scopes: ['notes:all'] },
          secret: { scopes: ['notes:all'], disclosure: 'hide' },
        },
        resources: { 'note:///1': { scopes: ['notes:all'] } },
      },
    },
  };

  it('keeps every decision of a person, and adds what is new', async () => {
    const built = await cardFromServer(notesServer, { existing });
    expect(built.document).toMatchObject({ version: '1.0.0', description: 'By hand' });
    const access = accessOf(built);
    expect(access['tools']).toMatchObject({
      ...existing._meta[accessKey].tools,
      'write-note': { description: 'Writes', scopes: ['notes:write'], sensitive: ['/text'] },
      unlisted: { scopes: null },
    });
    expect(access['scopes']).toMatchObject({ 'notes:read': { description: 'Read' }, 'notes:write': {} });
    expect(built.added).toEqual([
      'tools.whoami',
      'tools.unlisted',
      'tools.varies',
      'resources.config:///server',
      'resources.note:///{id}',
      'prompts.summarize',
    ]);
    expect(built.gone).toEqual(['tools.gone']);
    expect(built.notes).toContain('tools.read-note: the server asks for something else; the card was left as it is');
  });

  it('changes nothing when there is nothing new', async () => {
    const first = await cardFromServer(notesServer, { existing });
    const second = await cardFromServer(notesServer, { existing: first.document });
    expect(second.changes).toEqual([]);
    expect(second.document).toEqual(first.document);
    expect(second.undecided).toEqual(first.undecided);
  });

  it('keeps comments and layout of a YAML file', async () => {
    const previous = [
      '# who owns this: the notes team',
      `$schema: ${existing.$schema}`,
      `name: ${name}`,
      'version: 1.0.0',
      'description: By hand',
      '_meta:',
      `  ${accessKey}:`,
      '    scopes: { notes:all: {} }',
      '    tools:',
      '      read-note: { scopes: [notes:all] } # agreed with legal',
      '',
    ].join('\n');
    const built = await cardFromServer(notesServer, { existing: parse(previous) as JsonObject });
    const text = formatCard(built, { format: 'yaml', previous });
    expect(text.startsWith(previous.split('\n').slice(0, 7).join('\n'))).toBe(true);
    expect(text).toContain('read-note: { scopes: [ notes:all ] } # agreed with legal');
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(built.document)));
  });

  it('writes JSON and YAML that mean the same', async () => {
    const built = await cardFromServer(notesServer, { name });
    expect(parse(formatCard(built, { format: 'yaml' }))).toEqual(JSON.parse(formatCard(built)));
    expect(formatCard(built).endsWith('}\n')).toBe(true);
  });
});
