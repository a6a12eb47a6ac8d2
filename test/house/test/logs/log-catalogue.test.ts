import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LogEventInfo } from '@sallyport/core';
import { describe, expect, test } from 'vitest';

import { checkLogCatalogue, logCatalogue } from '../../src/logs/log-catalogue.ts';
import { makeRepository } from '../support/repository.ts';

const event: LogEventInfo = { level: 'warn', message: 'it | broke', fields: ['a', 'b'], remedy: 'Mend it.' };
const events = { 'sallyport.started': event, 'sallyport.a.one': event, 'sallyport.a.b.two': event };
const page = 'docs/log-events.md';
const stale = [`${page} is not what the table says; run "pnpm docs:write"`];

describe('checkLogCatalogue', () => {
  test('passes the page that it writes', () => {
    const root = makeRepository({ [page]: 'old' });
    expect(checkLogCatalogue(root, { events }).problems).toEqual(stale);
    expect(checkLogCatalogue(root, { events, write: true }).problems).toEqual([]);
    expect(checkLogCatalogue(root, { events }).problems).toEqual([]);
    expect(readFileSync(join(root, page), 'utf8')).toBe(logCatalogue(events));
  });

  test.each([
    ['a code that is not in it', { ...events, 'sallyport.a.three': event }],
    ['a code that is gone', { 'sallyport.a.one': event }],
    ['another level', { ...events, 'sallyport.a.one': { ...event, level: 'error' } }],
    ['another message', { ...events, 'sallyport.a.one': { ...event, message: 'it works' } }],
  ] as const)('finds %s', (_, others) => {
    const root = makeRepository({ [page]: logCatalogue(events) });
    expect(checkLogCatalogue(root, { events: others }).problems).toEqual(stale);
  });

  test('finds that there is no page', () => {
    expect(checkLogCatalogue(makeRepository(), { events }).problems).toEqual(stale);
  });

  test('has a table for every area, and keeps a bar inside its cell', () => {
    const text = logCatalogue(events);
    expect(text.match(/^## .*$/gm)).toEqual(['## `sallyport`', '## `sallyport.a`', '## `sallyport.a.b`']);
    expect(text).toContain('| `sallyport.a.one` | warn | it \\| broke | Mend it. | `a` `b` |');
  });
});
