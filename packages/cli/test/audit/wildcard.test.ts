import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../src/audit/wildcard.ts';

describe('matchesWildcard', () => {
  it.each([
    ['read-note', 'read-note', true],
    ['read-note', 'read-notes', false],
    ['read-note', 'Read-Note', false],
    ['db_*', 'db_query', true],
    ['db_*', 'db_', true],
    ['db_*', 'mydb_query', false],
    ['*_query', 'db_query', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['**a', 'ba', true],
  ])('%s on %s is %s', (pattern, text, matches) => {
    expect(matchesWildcard(pattern, text)).toBe(matches);
  });

  it('does not backtrack: many stars on a long text that does not fit are answered at once', () => {
    expect(matchesWildcard(`${'*a'.repeat(500)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});
