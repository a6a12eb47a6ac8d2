import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  accessKey,
  createAuthorizer,
  loadCard,
  publishedCard,
  type Card,
  type FetchedCard,
  type FetchedServerCard,
} from '../../src/index.ts';
import { accessCard, cardWith, identity, notesAccess } from '../support/access-card.ts';
import { cardType, fetchFrom } from '../support/documents.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const url = 'https://example.com/card.json';
const remotes = [{ type: 'streamable-http', url: 'https://example.com/mcp' }];

function fetchText(text: string): Promise<FetchedServerCard> {
  return fetchFrom(url, { [url]: { type: cardType, text } });
}

function fetchJson(json: unknown): Promise<FetchedServerCard> {
  return fetchText(JSON.stringify(json));
}

/** `level finding pointer` of everything that was found. */
async function findings(promise: Promise<FetchedServerCard>): Promise<readonly string[]> {
  return (await promise).findings.map(({ finding, level, pointer }) => `${level} ${finding} ${pointer}`);
}

describe('a fetched card', () => {
  it('is no card to decide with: no type fits, and a policy that was published is refused', async () => {
    expectTypeOf<FetchedCard>().not.toExtend<Card>();
    expectTypeOf<FetchedCard>().not.toExtend<Parameters<typeof createAuthorizer>[0]>();
    expectTypeOf<FetchedServerCard>().not.toExtend<Parameters<typeof createAuthorizer>[0]>();
    expectTypeOf<Card>().not.toExtend<FetchedCard>();
    const published = publishedCard(await accessCard(notesAccess), {
      publish: 'full',
      resource: remotes[0]?.url ?? '',
    });
    const { card } = await fetchJson(published);
    expect(card).toBeDefined();
    expect(Object.keys(card ?? {})).not.toContain('access');
    expect(Object.keys(card ?? {})).not.toContain('policy');
    expect(() => createAuthorizer(card as unknown as Card)).toThrow();
    expect((await setupErrorOf(loadCard(card?.document ?? {}))).code).toBe('ERR_CARD_INVALID');
  });

  it('of a server of ours has no findings, and names what is public', async () => {
    const published = publishedCard(await accessCard(notesAccess), {
      publish: 'full',
      resource: remotes[0]?.url ?? '',
    });
    const found = await fetchJson(published);
    expect(found.findings).toEqual([]);
    expect(found.card?.lists).toEqual({
      tools: ['whoami', 'read-note', 'write-note', 'transfer'],
      resources: ['note:///{id}', 'config:///server'],
      prompts: ['summarize'],
      scopes: ['notes:read', 'notes:write', 'payments:write', 'payments:large', 'config:read'],
    });
    const identityOnly = publishedCard(await accessCard(notesAccess), {
      publish: 'identity',
      resource: 'https://a.b/mcp',
    });
    expect((await fetchJson(identityOnly)).card).not.toHaveProperty('lists');
  });

  it('is frozen, without prototypes', async () => {
    const { card } = await fetchText(
      JSON.stringify({ ...identity, remotes }).replace('{', '{"__proto__":{"polluted":1},'),
    );
    expect(Object.getPrototypeOf(card?.document)).toBeNull();
    expect(Object.isFrozen(card?.document)).toBe(true);
    expect(Object.keys(card?.document ?? {})).toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['not JSON', 'no'],
    ['nothing', ''],
    ['a byte order mark', '\ufeff{}'],
    ['an endless number', '{"a":1e999}'],
    ['deep nesting', '['.repeat(100_000)],
    ['many values', `[${'0,'.repeat(200_000)}0]`],
  ])('is not read from %s', async (_what, text) => {
    expect(await findings(fetchText(text))).toEqual(['fail not-json ']);
  });

  it('with a name twice in one object is refused with its pointer, however the name is written', async () => {
    expect(await findings(fetchText('{"_meta":{"x":{"a/b":1,"a\\u002fb":2}}}'))).toEqual([
      'fail not-json /_meta/x/a~1b',
    ]);
  });

  it('is reported with all that is wrong, each with its pointer', async () => {
    const wrong = { ...identity, name: 'notes', version: '^1', remotes: [{ type: 'websocket', url: 'ftp://x' }] };
    const found = await fetchJson(wrong);
    expect(found.card).toBeUndefined();
    expect(found.findings.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/name',
      '/remotes/0/type',
      '/remotes/0/url',
      '/version',
    ]);
    for (const value of [[], 'x', null, 7]) expect(await findings(fetchJson(value))).toEqual(['fail invalid ']);
  });

  it('says so when its lists are none, or not what its policy says', async () => {
    const access = { tools: { a: {}, b: {} }, scopes: {} };
    const document = {
      ...cardWith(access),
      remotes,
      tools: [{ name: 'a' }, { name: 'c' }],
      scopes: [],
      prompts: 'all',
    };
    expect(await findings(fetchJson(document))).toEqual(['fail lists-contradict /tools', 'fail invalid /prompts']);
    const items = { ...identity, remotes, tools: [{ name: 'a' }, { name: 'a' }, {}, 7, { name: '' }] };
    expect(await findings(fetchJson(items))).toEqual([1, 2, 3, 4].map((index) => `fail invalid /tools/${index}`));
  });

  it('without endpoint, or with one that everybody can read, says so', async () => {
    expect(await findings(fetchJson(identity))).toEqual(['warn no-endpoint /remotes']);
    const urls = [
      'http://example.com/mcp',
      'HTTP://127.0.0.1.example.com/',
      'http://127.0.0.1:8080/mcp',
      'http://[::1]/mcp',
    ];
    const document = { ...identity, remotes: urls.map((one) => ({ type: 'sse', url: one.replace('HTTP', 'http') })) };
    expect(await findings(fetchJson(document))).toEqual([
      'fail insecure-endpoint /remotes/0/url',
      'fail insecure-endpoint /remotes/1/url',
    ]);
  });

  it('and a card of our own are not confused by a member called constructor', async () => {
    const document = { ...identity, name: { constructor: { name: [{}] } } };
    expect(await findings(fetchJson(document))).toEqual(['fail invalid /name']);
    expect((await setupErrorOf(loadCard(document))).field).toBe('/name');
  });

  it('is reported and never thrown, whatever JSON it is', async () => {
    const key = fc.constantFrom(
      'name',
      'version',
      'remotes',
      'tools',
      '_meta',
      accessKey,
      '__proto__',
      'constructor',
      '$schema',
      'url',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.dictionary(key, tie('tree')),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, tree), async (part) => {
        for (const document of [part, { ...identity, ...part }]) {
          const found = await fetchJson(document);
          if (found.card === undefined) expect(found.findings.some(({ level }) => level === 'fail')).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
