import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCard } from '../../src/index.ts';
import { cardWith } from '../support/access-card.ts';
import { createSchemaValidator, hasServerCardData, withServerCardData } from '../support/server-card-data.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const remote = { type: 'streamable-http', url: 'https://example.com/mcp' };

describe('the members of SEP-2127', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a name without namespace', { name: 'notes' }, '/name', 'reverse-DNS name'],
    ['a name with two slashes', { name: 'a/b/c' }, '/name', 'exactly one slash'],
    [
      'a description of 101 characters',
      { description: 'x'.repeat(101) },
      '/description',
      'must have 1 to 100 characters',
    ],
    ['an empty title', { title: '' }, '/title', 'must have 1 to 100 characters'],
    ['no version', { version: undefined }, '/version', 'is missing; a string is expected; add it'],
    ['a version range', { version: '^1.2.3' }, '/version', 'must be one version'],
    ['a version with a wildcard', { version: '1.x' }, '/version', 'must be one version'],
    ['two versions', { version: '1.0 || 2.0' }, '/version', 'must be one version'],
    [
      'a website without scheme',
      { websiteUrl: 'example.com' },
      '/websiteUrl',
      'must be an absolute URI, not "example.com"',
    ],
    ['a repository without source', { repository: { url: 'https://example.com' } }, '/repository/source', 'is missing'],
    ['an icon without src', { icons: [{}] }, '/icons/0/src', 'is missing'],
    [
      'an icon with another theme',
      { icons: [{ src: 'data:,', theme: 'blue' }] },
      '/icons/0/theme',
      'must be "dark" or "light"',
    ],
    [
      'a remote of another type',
      { remotes: [{ ...remote, type: 'stdio' }] },
      '/remotes/0/type',
      'must be "sse" or "streamable-http"',
    ],
    ['a remote at a path', { remotes: [{ ...remote, url: '/mcp' }] }, '/remotes/0/url', 'must start with http://'],
    [
      'F-25 a header name with a line break',
      { remotes: [{ ...remote, headers: [{ name: 'A\r\nB' }] }] },
      '/remotes/0/headers/0/name',
      'must be an HTTP header name',
    ],
    [
      'a wrong variable',
      { remotes: [{ ...remote, variables: { t: { isSecret: 'no' } } }] },
      '/remotes/0/variables/t/isSecret',
      'must be a boolean',
    ],
    ['a _meta that is a list', { _meta: [] }, '/_meta', 'must be an object, not a list'],
    ['a hand-written list of tools', { tools: [] }, '/tools', 'is written from the policy when the card is published'],
    ['a hand-written list of scopes', { scopes: [] }, '/scopes', 'is written from the policy'],
  ])('refuse %s', async (_, change, field, problem) => {
    const error = await setupErrorOf(loadCard({ ...cardWith({}), ...change }));
    expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field });
    expect(error.message).toContain(problem);
  });

  it('count characters, not UTF-16 units', async () => {
    expect((await loadCard({ ...cardWith({}), title: '🙂'.repeat(100) })).title).toHaveLength(200);
  });

  it('may be joined by members that this version does not know', async () => {
    expect((await loadCard({ ...cardWith({}), 'x-team': 'notes' })).document['x-team']).toBe('notes');
  });
});

describe.runIf(hasServerCardData)(withServerCardData('our validation'), () => {
  const text = fc.oneof(
    fc.constantFrom('', 'a/b', 'https://x', '{t}/x', 'x', '1.0.0'),
    fc.string({ maxLength: 120 }),
    fc.constant(1),
  );
  const object = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
    fc.record(fields, { requiredKeys: [] });
  const input = { default: text, format: fc.constantFrom('string', 'file'), isSecret: fc.constantFrom(true, 'yes') };
  const change = fc.record(
    {
      name: text,
      version: text,
      description: text,
      title: text,
      websiteUrl: text,
      icons: fc.array(object({ src: text, theme: fc.constantFrom('dark', 'x'), sizes: fc.array(text) }), {
        maxLength: 2,
      }),
      repository: object({ url: text, source: text, id: text }),
      remotes: fc.array(
        object({
          type: fc.constantFrom('sse', 'stdio'),
          url: text,
          headers: fc.array(object({ name: text, ...input }), { maxLength: 1 }),
          variables: fc.dictionary(fc.constantFrom('a', 'b'), object(input)),
          supportedProtocolVersions: fc.array(text, { maxLength: 2 }),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );

  it('accepts nothing that the published schema refuses', async () => {
    const isValid = createSchemaValidator();
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const document = { ...cardWith({}), ...changes };
        const accepted = await loadCard(document).then(
          () => true,
          () => false,
        );
        expect(!accepted || isValid(document)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what the published schema accepts only for URIs, version ranges and header names', async () => {
    const isValid = createSchemaValidator();
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const document = { ...cardWith({}), ...changes };
        if (!isValid(document)) return;
        const problem = await loadCard(document).then(
          () => '',
          (error: unknown) => String(error),
        );
        expect(problem).toMatch(/^$|absolute URI|one version|1 to 255|HTTP header name/);
      }),
      { numRuns: 500 },
    );
  });
});
