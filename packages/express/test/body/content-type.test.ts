import { describe, expect, it } from 'vitest';
import { requireJsonContent } from '../../src/body/content-type.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { fakeRequest } from '../support/fake-request.ts';

const check = (...lines: [string, string][]): void => requireJsonContent(fakeRequest(lines));

describe('requireJsonContent', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json ;x=y',
  ])('takes %s', (type) => {
    expect(() => check(['Content-Type', type])).not.toThrow();
  });

  it.each([
    ['text/plain', [['Content-Type', 'text/plain']]],
    ['no type', []],
    ['an empty type', [['Content-Type', '']]],
    ['a form', [['Content-Type', 'application/x-www-form-urlencoded']]],
    ['multipart', [['Content-Type', 'multipart/form-data; boundary=x']]],
    ['a type that begins alike', [['Content-Type', 'application/jsonp']]],
    ['a suffix type', [['Content-Type', 'application/ld+json']]],
    ['text/json', [['Content-Type', 'text/json']]],
    ['two types in one line', [['Content-Type', 'application/json, text/plain']]],
    ['another charset', [['Content-Type', 'application/json; charset=utf-16']]],
    ['a charset that is not quite one', [['Content-Type', 'application/json; charset*=utf-8']]],
    ['a second charset', [['Content-Type', 'application/json; charset=utf-8; charset=utf-7']]],
    ['a charset with spaces around its equals sign', [['Content-Type', 'application/json; charset = utf-16']]],
    [
      'a charset after many parameters',
      [['Content-Type', `application/json;${Array.from({ length: 40 }, (_, i) => `p${i}=1;`).join('')}charset=utf-7`]],
    ],
    [
      'two lines',
      [
        ['Content-Type', 'application/json'],
        ['Content-Type', 'application/json'],
      ],
    ],
  ] as [string, [string, string][]][])('refuses %s', async (_name, lines) => {
    await expectRefusal(() => check(...lines), 'bad_content_type');
  });

  it.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'identity, gzip', 'unknown', ''])(
    'refuses content coded as "%s"',
    async (coding) => {
      const lines: [string, string][] = [
        ['Content-Type', 'application/json'],
        ['Content-Encoding', coding],
      ];
      await expectRefusal(() => check(...lines), 'bad_encoding');
    },
  );

  it('takes content coded as identity', () => {
    expect(() => check(['Content-Type', 'application/json'], ['Content-Encoding', 'Identity'])).not.toThrow();
  });
});

describe('transfer codings', () => {
  const json: [string, string] = ['Content-Type', 'application/json'];

  it.each(['chunked', 'Chunked'])('takes %s, which Node has taken off', (coding) => {
    expect(() => check(json, ['Transfer-Encoding', coding])).not.toThrow();
  });

  it.each([['gzip, chunked'], ['identity, chunked'], ['chunked, chunked'], ['chunked', 'chunked']])(
    'F-89: refuses %s %s with 400',
    async (...codings) => {
      const lines = codings.map((coding): [string, string] => ['Transfer-Encoding', coding]);
      const refusal = await expectRefusal(() => check(json, ...lines), 'bad_encoding');
      expect(refusal.status).toBe(400);
    },
  );
});
