import { describe, expect, it } from 'vitest';
import { climbs } from '../../src/template/climbs.ts';

describe('climbs', () => {
  it.each([
    'note:///..',
    'note:///../a',
    'note:///a/./b',
    'note:///a/..',
    'x:..',
    'x:../a',
    'note:///%2e%2E/a',
    'note:///.%2e',
    'note:///..%2fa',
    'note:///a%2f..%5cb',
    'note:///a\\..\\b',
    'note:///..?q',
    'note:///.#f',
    '..',
  ])('finds a dot segment in %s', (uri) => expect(climbs(uri)).toBe(true));

  it.each([
    'note:///1',
    'note:///...',
    'note:///a.b',
    'note:///..a',
    'note:///a..',
    'note:///?q=..',
    'note:///#/../',
    'note:///owner%2frepo',
    'note:///%252e%252e',
    'x:',
    '',
  ])('finds none in %s', (uri) => expect(climbs(uri)).toBe(false));
});
