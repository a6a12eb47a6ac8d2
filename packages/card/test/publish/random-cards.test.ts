import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCard, publishedCard, serializeDocument } from '../../src/index.ts';
import { cardWith, identity } from '../support/access-card.ts';
import { cardType, fetchFrom } from '../support/documents.ts';
import { createSchemaValidator, hasServerCardData, withServerCardData } from '../support/server-card-data.ts';

const resource = 'https://mcp.example.com/mcp';

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const name = fc.oneof(
  word,
  fc.constantFrom('__proto__', 'constructor', 'a b', 'ü', 'toString', 'x'.repeat(200), '\u202e', '"', '\\'),
);
const scopes = ['s:one', 's:two', 's:three'] as const;
const scopeList = fc.subarray([...scopes]);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 });
const signIn = fc.record({ maxAgeSeconds: fc.integer({ min: 1, max: 9999 }) });
const rule = fc.record(
  {
    scopes: scopeList,
    description: text,
    disclosure: fc.constantFrom('challenge', 'hide'),
    authentication: signIn,
    audit: fc.record({ level: fc.constantFrom('metadata') }),
  },
  { requiredKeys: ['scopes'] },
);
const version = fc.constantFrom('1.0.0', '0.1', '2026-11-20', 'v7-beta+x');
const remote = fc.record(
  {
    type: fc.constantFrom('sse', 'streamable-http'),
    url: fc.constantFrom('https://a.example/mcp', 'https://{tenant}.example/mcp', '{base}/mcp', 'http://127.0.0.1/mcp'),
    supportedProtocolVersions: fc.subarray(['2026-07-28', '2025-11-25']),
    headers: fc.array(fc.record({ name: fc.constantFrom('X-Region', 'X-Tenant'), isRequired: fc.boolean() }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['type', 'url'] },
);
const extras = fc.record(
  {
    title: fc.constantFrom('Notes', 'Ñotes 📝', 'a'.repeat(100)),
    websiteUrl: fc.constantFrom('https://example.com/', 'https://example.com/docs?x=1'),
    repository: fc.constant({ url: 'https://github.com/example/notes', source: 'github' }),
    icons: fc.array(fc.record({ src: fc.constant('https://example.com/i.png'), sizes: fc.constant(['48x48']) }), {
      maxLength: 2,
    }),
    remotes: fc.array(remote, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const access = fc.record({
  scopes: fc.constant({ 's:one': {}, 's:two': { implies: ['s:one'] }, 's:three': { description: 'Three' } }),
  tools: fc.dictionary(name, rule, { maxKeys: 5 }),
  resources: fc.dictionary(
    word.map((one) => `x:///${one}/{id}`),
    rule,
    { maxKeys: 3 },
  ),
  prompts: fc.dictionary(name, rule, { maxKeys: 3 }),
});
const cards = fc
  .tuple(extras, version, access)
  .map(([extra, number, policy]) => ({ ...cardWith(policy), ...extra, version: number }));

describe.runIf(hasServerCardData)(withServerCardData('any card, published in full or as identity'), () => {
  it('is valid against the schema of SEP-2127, and can be fetched without a finding about what was generated', async () => {
    const isValid = createSchemaValidator();
    await fc.assert(
      fc.asyncProperty(cards, fc.constantFrom('full', 'identity'), async (document, publish) => {
        const card = await loadCard(document);
        const { body, etag } = serializeDocument(publishedCard(card, { publish, resource }));
        const published = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
        expect(isValid(published)).toBe(true);
        const again = serializeDocument(publishedCard(await loadCard(document), { publish, resource }));
        expect(again).toEqual({ body, etag });
        const url = 'https://mcp.example.com/mcp/server-card';
        const found = await fetchFrom(url, { [url]: { type: cardType, text: body.toString('utf8') } });
        expect(found.findings.filter(({ level }) => level === 'fail')).toEqual([]);
        expect(found.card?.name).toBe(identity.name);
      }),
      { numRuns: 300 },
    );
  });
});
