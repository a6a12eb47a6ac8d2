import { describe, expect, it } from 'vitest';
import { accessCard } from '../support/access-card.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const base = '/_meta/dev.sallyport~1access/scopes';

describe('declared scopes', () => {
  it.each(['a"b', String.raw`a\b`, 'a\rb', 'a\nb', 'ä', 'a b', '', 'a\u007F', 'x'.repeat(257)])(
    'F-97 are refused when they are not scope tokens: %j',
    async (scope) => {
      const error = await setupErrorOf(accessCard({ scopes: { [scope]: {} } }));
      expect(error.code).toBe('ERR_CARD_INVALID');
      expect(error.message).toContain('RFC 6749 section 3.3');
    },
  );

  it('F-97 are refused where a rule names them, too', async () => {
    const error = await setupErrorOf(accessCard({ tools: { t: { scopes: ['a b'] } } }));
    expect(error.message).toContain('RFC 6749 section 3.3');
  });

  it.each<[string, unknown, string]>([
    ['declared', { scopes: { offline_access: {} } }, '/scopes/offline_access'],
    ['needed', { tools: { t: { scopes: ['offline_access'] } } }, '/tools/t/scopes/0'],
    ['an alternative', { prompts: { t: { scopes: [], anyOf: [['offline_access']] } } }, '/prompts/t/anyOf/0/0'],
    ['a step-up', { tools: { t: { scopes: [], when: 'true', stepUp: ['offline_access'] } } }, '/tools/t/stepUp/0'],
  ])('are never offline_access: no challenge may name it when it is %s', async (_, access, pointer) => {
    const error = await setupErrorOf(accessCard(access));
    expect(error.field).toBe(`/_meta/dev.sallyport~1access${pointer}`);
    expect(error.message).toContain('"offline_access" is between a client and its issuer');
    expect(error.remedy).toContain('clients that want a refresh token ask for it themselves');
  });

  it('may use every character of a scope token', async () => {
    const all = Array.from({ length: 94 }, (_, i) => String.fromCodePoint(i + 0x21)).filter(
      (char) => char !== '"' && char !== '\\',
    );
    const card = await accessCard({ scopes: { [all.join('')]: {} } });
    expect(card.access.scopes.size).toBe(1);
  });

  it.each<[string, unknown, string, string]>([
    ['an unknown field', { a: { imply: [] } }, '/a/imply', 'is not a known field'],
    ['a scope implied that nobody declares', { a: { implies: ['b'] } }, '/a/implies/0', '"b" is not a declared scope'],
    ['implied scopes that are a string', { a: { implies: 'b' } }, '/a/implies', 'must be a list, not "b"'],
    ['a scope that implies itself', { a: { implies: ['a'] } }, '/a/implies', 'implies itself: a > a'],
    [
      'a cycle',
      { x: { implies: ['a'] }, a: { implies: ['b'] }, b: { implies: ['c'] }, c: { implies: ['a'] } },
      '/a/implies',
      'a > b > c > a',
    ],
    ['a scope that is null', { a: null }, '/a', 'must be an object, not null'],
  ])('are refused with %s', async (_, scopes, pointer, problem) => {
    const error = await setupErrorOf(accessCard({ scopes }));
    expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field: `${base}${pointer}` });
    expect(error.message).toContain(problem);
  });

  it('may be implied on several ways', async () => {
    const card = await accessCard({
      scopes: { a: { implies: ['b', 'c'] }, b: { implies: ['d'] }, c: { implies: ['d'] }, d: {} },
    });
    expect(card.access.scopes.size).toBe(4);
  });

  it('may form a chain of a thousand, and no more', async () => {
    const chain = (length: number): Record<string, unknown> =>
      Object.fromEntries(Array.from({ length }, (_, i) => [`s${i}`, { implies: i + 1 < length ? [`s${i + 1}`] : [] }]));
    expect((await accessCard({ scopes: chain(1000) })).access.scopes.size).toBe(1000);
    expect((await setupErrorOf(accessCard({ scopes: chain(1001) }))).message).toContain('has more than 1000 entries');
  });
});
