import { fileURLToPath } from 'node:url';

import { logEvents } from '@sallyport/core';
import { expect, test, vi } from 'vitest';

import { checkArrows } from '../src/arrows/check-arrows.ts';
import { checkLinks } from '../src/docs/check-links.ts';
import { syncSnippets } from '../src/docs/sync-snippets.ts';
import { checkErrorCatalogue } from '../src/errors/check-error-catalogue.ts';
import { checkLogCalls } from '../src/logs/check-log-calls.ts';
import { checkLogCatalogue } from '../src/logs/log-catalogue.ts';
import { checkRegexes } from '../src/regexes/check-regexes.ts';
import { checkShape } from '../src/shape/check-shape.ts';
import { checkSizes } from '../src/sizes/check-sizes.ts';

// They look at every file of the repository, and may share the machine.
vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('packages import only what the arrows allow', () => {
  expect(checkArrows(root).problems).toEqual([]);
});

test('every package has the shape of the house', () => {
  expect(checkShape(root).problems).toEqual([]);
});

test('a source file holds one idea and is not long', () => {
  expect(checkSizes(root).problems).toEqual([]);
});

test('no regular expression of a package can backtrack', () => {
  expect(checkRegexes(root).problems).toEqual([]);
});

test('the catalogue of errors says what the code says', () => {
  expect(checkErrorCatalogue(root).problems).toEqual([]);
});

test('every operational log line has a code, and every code is written somewhere', () => {
  expect(checkLogCalls(root, { codes: new Set(Object.keys(logEvents)) }).problems).toEqual([]);
});

test('the catalogue of log events says what the code says', () => {
  expect(checkLogCatalogue(root, { events: logEvents }).problems).toEqual([]);
});

test('code in the documentation is code that is type-checked', () => {
  expect(syncSnippets(root).problems).toEqual([]);
});

test('links in the documentation lead somewhere, and the README lists every page', () => {
  expect(checkLinks(root).problems).toEqual([]);
});
