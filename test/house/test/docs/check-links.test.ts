import { expect, test } from 'vitest';

import { checkLinks } from '../../src/docs/check-links.ts';
import { makePackage, makeRepository } from '../support/repository.ts';

function problemsOf(page: string, readme = '[One](docs/one.md)'): readonly string[] {
  const files = { 'README.md': readme, 'docs/one.md': page, 'docs/notes.txt': 'notes' };
  return checkLinks(makeRepository(makePackage('core'), files)).problems;
}

test('links to files and headings that exist are no problem', () => {
  const page =
    '# The `one`: (a), it’s\n\n[a](#the-one-a-its) [b](notes.txt) [c](../packages/core) [d](https://example.com/#x)\n';
  expect(problemsOf(page)).toEqual([]);
});

test('a link to a file that does not exist is a problem, also from another folder', () => {
  expect(problemsOf('[a](two.md)')).toEqual(['docs/one.md links to two.md: there is no docs/two.md']);
  expect(problemsOf('', '[One](docs/one.md) [a](docs/two.md)')).toEqual([
    'README.md links to docs/two.md: there is no docs/two.md',
  ]);
});

test('a link to a heading that does not exist is a problem', () => {
  expect(problemsOf('# One\n\n[a](#two)')).toEqual(['docs/one.md links to #two: docs/one.md has no such heading']);
  expect(problemsOf('```\n# Two\n```\n\n[a](#two)')).toEqual([
    'docs/one.md links to #two: docs/one.md has no such heading',
  ]);
});

test('the second heading of a name has a number', () => {
  expect(problemsOf('# One\n\n# One\n\n[a](#one-1)')).toEqual([]);
});

test('what stands in code is no link', () => {
  expect(problemsOf('`[a](two.md)`\n\n```\n[a](two.md)\n```\n')).toEqual([]);
});

test('a page that the README does not list is a problem', () => {
  expect(problemsOf('', 'Nothing.')).toEqual(['README.md does not list docs/one.md']);
});
