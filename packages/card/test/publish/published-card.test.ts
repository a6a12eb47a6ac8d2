import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessKey, loadCard, publishedCard, serializeDocument, type Card } from '../../src/index.ts';
import { accessCard, cardWith, identity, notesAccess } from '../support/access-card.ts';
import { createSchemaValidator, hasServerCardData, withServerCardData } from '../support/server-card-data.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const resource = 'https://mcp.example.com/mcp';
const targetCard = (): Promise<Card> => loadCard(join(import.meta.dirname, '../../../../test/target/server-card.json'));

/** The document as a reader gets it. */
function received(card: Card, publish: 'full' | 'identity'): Record<string, unknown> {
  return JSON.parse(serializeDocument(publishedCard(card, { publish, resource })).body.toString('utf8')) as Record<
    string,
    unknown
  >;
}

describe('publishedCard', () => {
  it('with full publishes the policy in _meta and as lists', async () => {
    expect(received(await accessCard(notesAccess), 'full')).toEqual({
      ...identity,
      remotes: [{ type: 'streamable-http', url: resource }],
      tools: [
        { name: 'whoami', scopes: [] },
        { name: 'read-note', scopes: ['notes:read'] },
        { name: 'write-note', scopes: ['notes:write'] },
        { name: 'transfer', scopes: ['payments:write'], stepUp: ['payments:large'] },
      ],
      resources: [
        { uriTemplate: 'note:///{id}', scopes: ['notes:read'] },
        { uri: 'config:///server', scopes: ['config:read'] },
      ],
      prompts: [{ name: 'summarize', scopes: ['notes:read'] }],
      scopes: [
        { name: 'notes:read', description: 'Read notes' },
        { name: 'notes:write', description: 'Change notes', implies: ['notes:read'] },
        { name: 'payments:write' },
        { name: 'payments:large' },
        { name: 'config:read' },
      ],
      transports: [{ type: 'streamable-http', url: resource }],
      _meta: {
        [accessKey]: {
          scopes: {
            'notes:read': { description: 'Read notes' },
            'notes:write': { description: 'Change notes', implies: ['notes:read'] },
            'payments:write': {},
            'payments:large': {},
            'config:read': {},
          },
          tools: {
            whoami: { scopes: [] },
            'read-note': { scopes: ['notes:read'] },
            'write-note': { scopes: ['notes:write'] },
            transfer: { scopes: ['payments:write'], stepUp: ['payments:large'] },
          },
          resources: { 'note:///{id}': { scopes: ['notes:read'] }, 'config:///server': { scopes: ['config:read'] } },
          prompts: { summarize: { scopes: ['notes:read'] } },
        },
      },
    });
  });

  it('says how the user must have signed in, where a visible target asks (RFC 9470)', async () => {
    const authentication = { acrValues: ['urn:mfa'], maxAgeSeconds: 300 };
    const card = await accessCard({
      tools: {
        pay: { scopes: [], authentication },
        recent: { scopes: [], authentication: { maxAgeSeconds: 60 } },
        secret: { scopes: [], disclosure: 'hide', authentication: { acrValues: ['urn:secret'] } },
      },
    });
    const published = received(card, 'full');
    expect(published['tools']).toEqual([
      { name: 'pay', scopes: [], authentication },
      { name: 'recent', scopes: [], authentication: { maxAgeSeconds: 60 } },
    ]);
    expect(JSON.stringify(published)).not.toContain('urn:secret');
    expect(JSON.stringify(received(card, 'identity'))).not.toContain('urn:mfa');
  });

  it('with identity publishes neither, and keeps the rest of _meta', async () => {
    const card = await loadCard({
      ...cardWith(notesAccess),
      _meta: { [accessKey]: notesAccess, 'com.example/team': 'notes' },
    });
    expect(received(card, 'identity')).toEqual({
      ...identity,
      remotes: [{ type: 'streamable-http', url: resource }],
      _meta: { 'com.example/team': 'notes' },
    });
    expect(received(await accessCard({}), 'identity')).not.toHaveProperty('_meta');
  });

  it('says nothing of hidden targets, conditions, sensitive pointers and audit settings', async () => {
    const text = JSON.stringify(received(await targetCard(), 'full'));
    for (const secret of [
      'purge-notes',
      'notes:admin',
      'args.amount',
      'when',
      '/pin',
      'sensitive',
      'hide',
      'disclosure',
      'audit',
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('replaces a hidden scope among the implied ones by the visible ones behind it', async () => {
    const access = {
      scopes: { all: { implies: ['gate', 'b'] }, gate: { implies: ['a'] }, a: {}, b: { implies: ['a'] } },
      tools: { open: { scopes: ['a'] }, more: { scopes: ['b'] }, hidden: { scopes: ['gate'], disclosure: 'hide' } },
    };
    expect(received(await accessCard(access), 'full')['scopes']).toEqual([
      { name: 'all', implies: ['a', 'b'] },
      { name: 'a' },
      { name: 'b', implies: ['a'] },
    ]);
  });

  it('keeps the remotes that the card names', async () => {
    const remotes = [{ type: 'sse', url: 'https://other.example/sse' }];
    const document = received(await loadCard({ ...cardWith({}), remotes }), 'full');
    expect(document['remotes']).toEqual(remotes);
    expect(document['transports']).toEqual(remotes);
  });

  it('names no endpoint that it does not know', async () => {
    const document = publishedCard(await accessCard({}), { publish: 'full' });
    expect(document['remotes']).toBeUndefined();
    expect(document['transports']).toEqual([]);
  });

  it('tells which protocol versions the endpoint serves', async () => {
    const document = publishedCard(await accessCard({}), {
      publish: 'identity',
      resource,
      protocolVersions: ['2026-07-28'],
    });
    expect(document['remotes']).toEqual([
      { type: 'streamable-http', url: resource, supportedProtocolVersions: ['2026-07-28'] },
    ]);
  });

  it('publishes alternatives and descriptions, and a tool called __proto__', async () => {
    const access = JSON.parse('{"scopes":{"a":{}},"tools":{"__proto__":{"anyOf":["a"],"description":"D"}}}') as unknown;
    const document = received(await accessCard(access), 'full');
    expect(document['tools']).toEqual([{ name: '__proto__', description: 'D', scopes: [], anyOf: [['a']] }]);
    expect(JSON.stringify(document['_meta'])).toContain(
      '"tools":{"__proto__":{"description":"D","scopes":[],"anyOf":[["a"]]}}',
    );
  });

  it('says nothing of groups, roles and conditions, not even that there are some', async () => {
    const rule = { scopes: ['a'], groups: ['group-7'], roles: ['role-7'], when: "principal.tenant == 'tenant-7'" };
    const tools = { t: { ...rule, stepUp: ['b'] } };
    const card = await accessCard({
      scopes: { a: {}, b: {} },
      tools,
      resources: { 'x:y': rule },
      prompts: { t: rule },
    });
    const text = JSON.stringify(publishedCard(card, { publish: 'full', resource }));
    expect(text).not.toMatch(/-7|groups|roles|when|principal/);
    expect(text).toContain('"stepUp":["b"]');
  });

  it('can not be loaded as a policy again when it was published in full: what was left out would be allowed', async () => {
    const error = await setupErrorOf(loadCard(received(await targetCard(), 'full')));
    expect(error.message).toContain('is written from the policy when the card is published');
  });

  it('gives the same bytes every time', async () => {
    const card = await targetCard();
    const [one, other] = [card, await targetCard()].map((source) =>
      serializeDocument(publishedCard(source, { publish: 'full', resource })),
    );
    expect(other?.body.equals(one?.body ?? Buffer.alloc(0))).toBe(true);
    expect(other?.etag).toBe(one?.etag);
  });
});

describe.runIf(hasServerCardData)(withServerCardData('a published card'), () => {
  it('is valid against SEP-2127 in both forms', async () => {
    const isValid = createSchemaValidator();
    for (const card of [await targetCard(), await accessCard(notesAccess), await accessCard({})]) {
      expect(isValid(received(card, 'full'))).toBe(true);
      expect(isValid(received(card, 'identity'))).toBe(true);
    }
  });
});

describe('hidden names', () => {
  it('are in no published byte, whatever the policy is', async () => {
    const open = fc.constantFrom('open-a', 'open-b');
    const any = fc.constantFrom('open-a', 'open-b', 'gate-a', 'gate-b');
    const hidden = fc.record({
      anyOf: fc.array(fc.array(any, { minLength: 1 }), { minLength: 1 }),
      disclosure: fc.constant('hide'),
    });
    const visible = fc.record({ scopes: fc.array(open) });
    const scopes = fc.tuple(fc.array(any), fc.array(any)).map(([a, b]) => ({
      'open-a': { implies: a.filter((name) => name !== 'open-a') },
      'open-b': { implies: b.filter((name) => name.startsWith('gate')) },
      'gate-a': { implies: ['gate-b'] },
      'gate-b': {},
    }));
    const access = fc.record({
      scopes,
      tools: fc.record({ 'gate-tool': hidden, tool: visible }),
      resources: fc.record({ 'gate:///{x}': hidden, 'open:///{x}': visible }),
      prompts: fc.record({ 'gate-prompt': hidden, prompt: visible }),
    });
    await fc.assert(
      fc.asyncProperty(access, async (policy) => {
        const used = JSON.stringify([
          policy.tools['gate-tool'],
          policy.resources['gate:///{x}'],
          policy.prompts['gate-prompt'],
        ]);
        const text = JSON.stringify(received(await accessCard(policy), 'full'));
        for (const name of ['gate-tool', 'gate:///', 'gate-prompt']) expect(text).not.toContain(name);
        for (const scope of ['gate-a', 'gate-b']) if (used.includes(scope)) expect(text).not.toContain(scope);
      }),
    );
  });
});
