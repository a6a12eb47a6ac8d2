import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLooseTemplate, compileUriTemplate } from '../../src/template/uri-template.ts';

describe('compileUriTemplate', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'note:///{id}',
      ['note:///1', 'note:///a-b._~c', 'note:///%C3%A9', 'note:///a%2Fb'],
      [
        'note:///',
        'note:///a/b',
        'note:///a?b',
        'note:///a#b',
        'note:///é',
        'note:///%zz',
        'note:///%2',
        'note:///a,b',
        'note:///a b',
        'NOTE:///1',
        'xnote:///1',
      ],
    ],
    ['note:///{a,b}', ['note:///1', 'note:///1,2'], ['note:///1,2,3', 'note:///,', 'note:///1,']],
    ['note:///{id*}', ['note:///1', 'note:///1,2,3,4'], ['note:///1,,2']],
    [
      'file:///{+path}',
      ['file:///a/b/c', 'file:///a?b#c', 'file:///a%20b'],
      ['file:///', 'file:///a b', 'file:///é', 'file:///a\\b'],
    ],
    ['doc:x{#part}', ['doc:x#a', 'doc:x#a/b'], ['doc:x', 'doc:x#', 'doc:xa']],
    ['doc:x{.ext}', ['doc:x.md', 'doc:x.tar.gz'], ['doc:x', 'doc:x.', 'doc:x/md']],
    ['doc:x{/a,b}', ['doc:x/1', 'doc:x/1/2'], ['doc:x', 'doc:x/', 'doc:x/1/2/3', 'doc:x//2']],
    ['doc:x{/a*}/end', ['doc:x/1/end', 'doc:x/1/2/3/end', 'doc:x/end/end'], ['doc:x/end', 'doc:x/1/2', 'doc:x//end']],
    [
      'doc:x{?a,b,c}',
      ['doc:x?a=1', 'doc:x?a=1&c=2', 'doc:x?b=1', 'doc:x?a=1&b=2&c=3'],
      ['doc:x', 'doc:x?', 'doc:x?b=1&a=2', 'doc:x?a=', 'doc:x?d=1', 'doc:x?a=1&a=2', 'doc:x?a=1/2'],
    ],
    ['doc:x{?a*}', ['doc:x?a=1', 'doc:x?a=1&a=2&a=3'], ['doc:x?a=1&b=2']],
    ['doc:x?v=1{&q}', ['doc:x?v=1&q=2'], ['doc:x?v=1', 'doc:x?v=1q=2']],
    ['doc:{a}{b}', ['doc:12', 'doc:123'], ['doc:1']],
    ['doc:{a}-{b}.md', ['doc:1-2.md', 'doc:1-2-3.md.md'], ['doc:1-.md', 'doc:-2.md', 'doc:12.md']],
    ['{scheme}:x', ['a:x', 'abc:x'], [':x', 'a:y']],
    ['doc:.*+?^$()[]|\\{a}', ['doc:.*+?^$()[]|\\1'], ['doc:xx1']],
  ])('%s matches its expansions and nothing else', (template, matching, others) => {
    const { matches } = compileUriTemplate(template);
    expect(matching.filter((uri) => !matches(uri))).toEqual([]);
    expect(others.filter((uri) => matches(uri))).toEqual([]);
  });

  it.each([
    ['doc:{', 'has a { without its }'],
    ['doc:}', 'has a } without its {'],
    ['doc:{a}}', 'has a } without its {'],
    ['doc:{}', 'is not a variable'],
    ['doc:{a b}', 'is not a variable'],
    ['doc:{{a}}', 'is not a variable'],
    ['doc:{=a}', 'is not a variable'],
    ['doc:{a**}', 'is not a variable'],
    ['doc:{id:3}', 'prefix modifiers'],
    ['doc:{a,b,c,d,e,f,g,h,i,j,k}', 'more than 10 variables'],
    [`doc:${'{a}x'.repeat(900)}`, 'too complex'],
  ])('%s is refused', (template, problem) => {
    expect(() => compileUriTemplate(template)).toThrow(problem);
  });

  it('matches what a naive regular expression for the same template matches', () => {
    const parts = fc.constantFrom('a', '/', '-', '{x}', '{x*}', '{x,y}', '{+x}', '{/x}', '{/x*}', '{.x}', '{?q,a}');
    const uris = fc.array(fc.constantFrom('a', '/', '-', ',', '.', '?q=', '?a=', '&a=', '%2F', '%', '=', 'q'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.array(parts, { minLength: 1, maxLength: 5 }),
        fc.array(uris, { minLength: 1, maxLength: 20 }),
        (template, texts) => {
          const { matches } = compileUriTemplate(template.join(''));
          const naive = new RegExp(`^${template.map(naivePattern).join('')}$`);
          for (const text of texts) expect([text, matches(text.join(''))]).toEqual([text, naive.test(text.join(''))]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the same answer every time: it keeps nothing between matches', () => {
    const { matches } = compileUriTemplate('doc:{a}{/b*}');
    const uris = ['doc:1/2/3', 'doc:', 'doc:1', 'doc:1/', 'doc:1/2'];
    const first = uris.map((uri) => matches(uri));
    expect(uris.toReversed().map((uri) => matches(uri))).toEqual(first.toReversed());
    expect(first).toEqual([true, false, false, false, true]);
  });

  it('F-50 answers for 50 KB against an exploded template by counting, without backtracking', () => {
    const { matches } = compileUriTemplate('doc:x{/a*}{/b*}{/c*}/end');
    expect(matches(`doc:x${'/a'.repeat(25_000)}`)).toBe(false);
    expect(matches(`doc:x${'/a'.repeat(25_000)}/end`)).toBe(true);
    const commas = compileUriTemplate('doc:{a*}');
    expect(commas.matches(`doc:${'1,'.repeat(25_000)}`)).toBe(false);
  });
});

describe('compileLooseTemplate', () => {
  it.each([
    ['note:///{id}', ['note:///', 'note:///a/b c', 'note:///é'], ['note://x', 'x']],
    ['a{b}c{d}', ['ac', 'axxc', 'acc'], ['a', 'ab']],
    ['a{b:3}', ['a', 'abc'], ['b']],
    ['a{', ['a{'], ['a']],
  ])('%s matches at least what any reading of it could', (template, matching, others) => {
    const { matches } = compileLooseTemplate(template);
    expect(matching.filter((uri) => !matches(uri))).toEqual([]);
    expect(others.filter((uri) => matches(uri))).toEqual([]);
  });
});

const value = '(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+';
const patterns: ReadonlyMap<string, string> = new Map([
  ['{x}', value],
  ['{x*}', `${value}(?:,${value})*`],
  ['{x,y}', `${value}(?:,${value})?`],
  ['{+x}', "(?:[A-Za-z0-9._~:/?#[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"],
  ['{/x}', `/${value}`],
  ['{/x*}', `(?:/${value})+`],
  ['{.x}', `\\.${value}`],
  ['{?q,a}', `\\?(?:q=${value}(?:&a=${value})?|a=${value})`],
]);

function naivePattern(part: string): string {
  return patterns.get(part) ?? part;
}
