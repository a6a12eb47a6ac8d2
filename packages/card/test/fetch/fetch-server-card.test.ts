import { createMemoryKeyValueStore, type KeyValueStore } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { fetchServerCard, type FetchedServerCard } from '../../src/index.ts';
import { identity } from '../support/access-card.ts';
import { cardType, fetchFrom, problemOf, webOf, type Served } from '../support/documents.ts';

const origin = 'https://example.com';
const endpoint = `${origin}/mcp`;
const catalogUrl = `${origin}/.well-known/ai-catalog.json`;
const wellKnown = `${origin}/.well-known/mcp/server-card.json`;
const document = { ...identity, remotes: [{ type: 'streamable-http', url: endpoint }] };
const served: Served = { type: cardType, json: document, etag: '"1"' };

function catalog(...entries: readonly unknown[]): Served {
  return { type: 'application/ai-catalog+json', json: { specVersion: '1.0', entries } };
}

function entry(url: string): object {
  return { identifier: 'urn:air:example.com:mcp:notes', type: cardType, url };
}

function names({ findings }: FetchedServerCard): readonly string[] {
  return findings.map(({ finding, level, pointer }) => `${level} ${finding} ${pointer}`.trim());
}

describe('fetchServerCard of a domain', () => {
  it('follows the AI Catalog', async () => {
    const other = {
      identifier: 'urn:air:example.com:a2a:x',
      type: 'application/a2a-agent-card+json',
      url: `${origin}/a`,
    };
    const found = await fetchFrom('example.com', {
      [catalogUrl]: catalog(other, entry(`${endpoint}/server-card`)),
      [`${endpoint}/server-card`]: served,
    });
    expect(found).toMatchObject({ url: `${endpoint}/server-card`, via: 'ai-catalog', etag: '"1"', findings: [] });
    expect(found.card).toMatchObject({ kind: 'fetched', name: identity.name, remotes: document.remotes });
    expect(found.card?.document).toEqual(document);
  });

  it('reads a card that stands in the catalog itself, with pointers into the catalog', async () => {
    const inline = (data: unknown): Served => catalog({ identifier: 'x', type: cardType, data });
    const found = await fetchFrom('example.com', { [catalogUrl]: inline(document) });
    expect(found).toMatchObject({ url: catalogUrl, via: 'ai-catalog', findings: [] });
    const wrong = await fetchFrom('example.com', { [catalogUrl]: inline({ ...document, version: 7 }) });
    expect(names(wrong)).toEqual(['fail invalid /entries/0/data/version']);
  });

  it('looks at the well-known location, then at /server-card, where there is no catalog', async () => {
    const found = await fetchFrom('example.com:8443', {
      'https://example.com:8443/.well-known/mcp/server-card.json': served,
    });
    expect(found).toMatchObject({ via: 'well-known', endpoint: undefined });
    expect(await fetchFrom(origin, { [`${origin}/server-card`]: served })).toMatchObject({ via: 'endpoint' });
  });

  it('goes on after a catalog that is broken, and says so', async () => {
    for (const broken of [
      { json: { entries: 'none' } },
      { text: '{' },
      { text: '{"entries":[],"entries":[]}' },
    ] as Served[]) {
      const found = await fetchFrom('example.com', { [catalogUrl]: broken, [wellKnown]: served });
      expect(found.via).toBe('well-known');
      expect(names(found)).toEqual(['warn catalog']);
    }
    const entries = [
      { type: cardType },
      { type: cardType, url: 'x', data: {} },
      { type: cardType, url: '/relative' },
      { type: cardType, url: 'file:///etc/passwd' },
      { type: cardType, url: 'https://u:p@example.com/' },
    ];
    const found = await fetchFrom('example.com', { [catalogUrl]: catalog(...entries, 7), [wellKnown]: served });
    expect(found.findings.map(({ problem }) => problem)).toEqual([
      `${catalogUrl} /entries/0 must have exactly one of url and data`,
      `${catalogUrl} /entries/1 must have exactly one of url and data`,
      `${catalogUrl} /entries/2/url is not an https URL`,
      `${catalogUrl} /entries/3/url is not an https URL`,
      `${catalogUrl} /entries/4/url must not contain credentials`,
    ]);
  });

  it('says which cards there are when the catalog lists several', async () => {
    const [a, b] = [`${origin}/a/server-card`, `${origin}/b/server-card`];
    const problem = await problemOf(fetchFrom('example.com', { [catalogUrl]: catalog(entry(a), entry(b)) }));
    expect(problem).toBe(`ERR_CARD_FETCH ${catalogUrl} lists 2 Server Cards: ${a}, ${b}`);
  });

  it('notes that a catalog leads to another origin', async () => {
    const elsewhere = 'https://hosted.example/x/server-card';
    const found = await fetchFrom('example.com', { [catalogUrl]: catalog(entry(elsewhere)), [elsewhere]: served });
    expect(found.url).toBe(elsewhere);
    expect(names(found)).toEqual(['warn other-origin']);
  });

  it('tells everything that was tried when there is none', async () => {
    const html = { type: 'text/html', text: '<p>' };
    const problem = await problemOf(fetchFrom('example.com', { [wellKnown]: html }));
    expect(problem).toBe(
      `ERR_CARD_FETCH no Server Card of example.com can be had: ${catalogUrl} answered 404; ${wellKnown} answered with the media type ` +
        `text/html, not ${cardType} or application/json; ${origin}/server-card answered 404`,
    );
  });
});

describe('fetchServerCard of an endpoint', () => {
  it('looks below it first', async () => {
    const found = await fetchFrom(endpoint, { [`${endpoint}/server-card`]: served, [wellKnown]: served });
    expect(found).toMatchObject({ url: `${endpoint}/server-card`, via: 'endpoint', endpoint, findings: [] });
  });

  it('takes a card that is at the URL itself', async () => {
    const url = `${origin}/cards/notes`;
    expect(await fetchFrom(url, { [url]: served })).toMatchObject({ url, via: 'url' });
  });

  it('takes from the catalog the card that names it', async () => {
    const [a, b] = [`${origin}/a.json`, `${origin}/b.json`];
    const other = { ...identity, remotes: [{ type: 'sse', url: `${origin}/other` }] };
    const web = { [catalogUrl]: catalog(entry(a), entry(b)), [a]: { type: cardType, json: other }, [b]: served };
    expect(await fetchFrom(endpoint, web)).toMatchObject({ url: b, via: 'ai-catalog', findings: [] });
    const problem = await problemOf(fetchFrom(`${origin}/none`, web));
    expect(problem).toContain(`${catalogUrl} lists no card that names ${origin}/none`);
  });

  it('says so when the card it finds is of another endpoint', async () => {
    const found = await fetchFrom(`${origin}/other`, { [wellKnown]: served });
    expect(names(found)).toEqual(['fail other-endpoint /remotes']);
    const templated = { ...identity, remotes: [{ type: 'sse', url: 'https://{tenant}.example.com/mcp' }] };
    const open = await fetchFrom(`${origin}/other`, { [wellKnown]: { type: cardType, json: templated } });
    expect(names(open)).toEqual([]);
  });
});

describe('fetchServerCard of the URL of a card', () => {
  it.each([`${origin}/x/server-card`, `${origin}/card.json`, `${origin}/card?of=notes`])(
    'looks at %s only',
    async (url) => {
      const { fetchDocument, asked } = webOf({ [url]: served });
      expect(await fetchServerCard(new URL(url), { fetchDocument })).toMatchObject({ url, via: 'url' });
      expect(asked.map((one) => one.url)).toEqual([url]);
      expect(asked[0]?.accept).toBe(`${cardType}, application/json;q=0.9`);
    },
  );

  it('notes that plain JSON is not the media type of a card', async () => {
    const found = await fetchFrom(`${origin}/card.json`, { [`${origin}/card.json`]: { json: document } });
    expect(names(found)).toEqual(['warn media-type']);
  });
});

describe('fetchServerCard', () => {
  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript://x',
    'https://user:secret@example.com/',
    'https://example.com/#x',
    'exa mple.com',
    'example.com\u001b[2J',
    '',
    '://',
    `https://example.com/${'x'.repeat(3000)}`,
  ])('asks nothing for %j, and does not repeat it', async (source) => {
    const { fetchDocument, asked } = webOf({});
    const problem = await problemOf(fetchServerCard(source, { fetchDocument }));
    expect(problem).toMatch(/^ERR_CARD_FETCH what the card is wanted of /);
    expect(problem).not.toContain('secret');
    expect(asked).toEqual([]);
  });

  it('follows redirects within the origin, three of them, and notes it', async () => {
    const steps = (count: number): Record<string, Served> => ({
      [`${origin}/0.json`]: { status: 302, location: '1.json' },
      ...Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `${origin}/${index + 1}.json`,
          index + 1 === count ? served : { status: 308, location: `${origin}/${index + 2}.json` },
        ]),
      ),
    });
    const found = await fetchFrom(`${origin}/0.json`, steps(3));
    expect(found.url).toBe(`${origin}/3.json`);
    expect(names(found)).toEqual(['warn redirected']);
    expect(await problemOf(fetchFrom(`${origin}/0.json`, steps(4)))).toContain('redirects more than 3 times');
    const loop = { [`${origin}/a.json`]: { status: 301, location: '/a.json' } };
    expect(await problemOf(fetchFrom(`${origin}/a.json`, loop))).toContain('redirects more than 3 times');
  });

  it.each([
    ['https://other.example/card.json', 'redirects to another origin, https://other.example'],
    ['http://example.com/card.json', 'redirects to another origin, http://example.com'],
    ['//169.254.169.254/latest', 'redirects to another origin, https://169.254.169.254'],
    ['https://u:p@example.com/card.json', 'redirects to another origin, https://example.com'],
    ['javascript:alert(1)', 'redirects to another origin, javascript:'],
    ['https://', 'redirects to nowhere'],
    [undefined, 'redirects to nowhere'],
  ])('does not follow a redirect to %s', async (location, expected) => {
    const { fetchDocument, asked } = webOf({
      [`${origin}/a.json`]: { status: 307, ...(location !== undefined && { location }) },
    });
    expect(await problemOf(fetchServerCard(`${origin}/a.json`, { fetchDocument }))).toContain(expected);
    expect(asked).toHaveLength(1);
  });

  it('asks with limits: 1 MiB, three seconds for a connection, one signal for the whole search', async () => {
    const { fetchDocument, asked } = webOf({ [wellKnown]: served });
    await fetchServerCard('example.com', { fetchDocument, maxBytes: 100_000_000 });
    expect(asked).toHaveLength(2);
    for (const one of asked) expect(one).toMatchObject({ maxBytes: 1_048_576, connectTimeoutMs: 3_000 });
    expect(asked[1]?.signal).toBe(asked[0]?.signal);
    expect(asked[0]).not.toHaveProperty('post');
  });

  it('stops when its time is over', async () => {
    const { fetchDocument, asked } = webOf({});
    const slow: typeof fetchDocument = async (url, request) => {
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
      return fetchDocument(url, request);
    };
    const problem = await problemOf(fetchServerCard('example.com', { fetchDocument: slow, timeoutMs: 20 }));
    expect(problem).toContain('no complete answer in time');
    expect(asked).toHaveLength(1);
  });
});

describe('fetchServerCard with a cache', () => {
  const url = `${origin}/card.json`;
  const store = (): KeyValueStore => createMemoryKeyValueStore({ maxEntries: 10 });

  it('validates what it has, and does not load it again', async () => {
    const cache = store();
    const { fetchDocument, asked } = webOf({ [url]: served });
    const first = await fetchServerCard(url, { fetchDocument, cache });
    const second = await fetchServerCard(url, { fetchDocument, cache });
    expect(second).toEqual(first);
    expect(asked.map(({ etag }) => etag)).toEqual([undefined, '"1"']);
  });

  it('takes the new document when there is one', async () => {
    const cache = store();
    await fetchFrom(url, { [url]: served }, { cache });
    const json = { ...document, version: '2.0.0' };
    const next = await fetchFrom(url, { [url]: { type: cardType, etag: '"2"', json } }, { cache });
    expect(next).toMatchObject({ etag: '"2"', card: { version: '2.0.0' } });
  });

  it('refuses a 304 that nobody asked for', async () => {
    for (const options of [{}, { cache: store() }]) {
      const problem = await problemOf(fetchFrom(url, { [url]: { status: 304, etag: '"1"' } }, options));
      expect(problem).toContain('answered 304 to a request without a condition');
    }
  });

  it('keeps nothing by a validator that is none, and does not send it back', async () => {
    const cache = store();
    for (const etag of ['1', '"a\r\nX: y"', `"${'x'.repeat(300)}"`, 'W/x']) {
      const { fetchDocument, asked } = webOf({ [url]: { ...served, etag } });
      await fetchServerCard(url, { fetchDocument, cache });
      await fetchServerCard(url, { fetchDocument, cache });
      expect(asked.map((one) => one.etag)).toEqual([undefined, undefined]);
    }
  });

  it('reads a poisoned cache as strictly as the network, and does without one that is down', async () => {
    const poisoned = (text: string): KeyValueStore => ({
      get: () => Promise.resolve(text),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(false),
    });
    const body = Buffer.from('{"name":1,"name":2}').toString('base64');
    const found = await fetchFrom(
      url,
      { [url]: served },
      { cache: poisoned(JSON.stringify({ etag: '"1"', mediaType: cardType, body })) },
    );
    expect(found).toMatchObject({ card: undefined, findings: [{ finding: 'not-json', pointer: '/name' }] });
    expect((await fetchFrom(url, { [url]: served }, { cache: poisoned('}') })).card).toBeDefined();
    const down = (): Promise<never> => Promise.reject(new Error('down'));
    const cache: KeyValueStore = { get: down, set: down, delete: down };
    expect((await fetchFrom(url, { [url]: served }, { cache })).card).toBeDefined();
  });
});
