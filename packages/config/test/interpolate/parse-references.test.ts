import { expect, it } from 'vitest';
import { parseReferences } from '../../src/interpolate/parse-references.ts';

it('takes a text apart', () => {
  expect(parseReferences('')).toEqual([]);
  expect(parseReferences('a $ { } $$ b')).toEqual([{ kind: 'literal', text: 'a $ { } $$ b' }]);
  expect(parseReferences('https://${env:HOST}:${env:PORT}/mcp')).toEqual([
    { kind: 'literal', text: 'https://' },
    { kind: 'env', name: 'HOST' },
    { kind: 'literal', text: ':' },
    { kind: 'env', name: 'PORT' },
    { kind: 'literal', text: '/mcp' },
  ]);
  expect(parseReferences('${file:./a b/${x}')).toEqual([{ kind: 'file', path: './a b/${x' }]);
});

it('reads $${ as a literal', () => {
  expect(parseReferences('a$${env:X}b${env:Y}')).toEqual([
    { kind: 'literal', text: 'a${' },
    { kind: 'literal', text: 'env:X}b' },
    { kind: 'env', name: 'Y' },
  ]);
  expect(parseReferences('$$${')).toEqual([{ kind: 'literal', text: '$${' }]);
});

it('knows no other references', () => {
  for (const text of [
    '${',
    '${}',
    '${X}',
    '${env:}',
    '${env:1A}',
    '${env:A-B}',
    '${env:A:-default}',
    '${file:}',
    '${ env:A}',
    '${ENV:A}',
    '${env:A',
  ]) {
    expect(parseReferences(text)).toEqual([{ kind: 'malformed', text }]);
  }
});
