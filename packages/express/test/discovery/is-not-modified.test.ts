import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNotModified } from '../../src/discovery/is-not-modified.ts';

const etag = '"abc"';

describe('isNotModified', () => {
  it.each(['"abc"', 'W/"abc"', '*', ' * ', '"x", "abc"', '"x",W/"abc"', ', ,"abc",', '"a,b", "abc"', '\t"abc"'])(
    'is true of If-None-Match: %s',
    (header) => {
      expect(isNotModified(header, etag)).toBe(true);
    },
  );

  it.each([
    '',
    'abc',
    '"ABC"',
    'w/"abc"',
    'W/ "abc"',
    '"x", abc',
    'abc, "abc"',
    '"x" "*"',
    '"abc',
    '"a,"abc"',
    '*, "x"',
    '"x", *',
  ])('is false of If-None-Match: %s', (header) => {
    expect(isNotModified(header, etag)).toBe(false);
  });

  it('is false without the field', () => {
    expect(isNotModified(undefined, etag)).toBe(false);
  });

  it('looks at 64 tags', () => {
    const tags = (count: number): string => Array.from({ length: count }, (_, index) => `"${index}"`).join(',');
    expect(isNotModified(`${tags(63)},"abc"`, etag)).toBe(true);
    expect(isNotModified(`${tags(64)},"abc"`, etag)).toBe(false);
  });

  it('agrees with a list of tags, weak and strong, with and without commas in them', () => {
    const opaque = fc.constantFrom('abc', 'a', ',', 'abc,abc', '', 'x', '*');
    const tag = fc.tuple(opaque, fc.boolean()).map(([text, weak]) => ({ text, field: `${weak ? 'W/' : ''}"${text}"` }));
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1, maxLength: 10 }), fc.constantFrom(',', ', ', ' ,\t'), (tags, comma) => {
        const header = tags.map(({ field }) => field).join(comma);
        expect(isNotModified(header, etag)).toBe(tags.some(({ text }) => text === 'abc'));
      }),
    );
  });
});
