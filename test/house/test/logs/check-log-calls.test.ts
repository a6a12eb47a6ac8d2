import { describe, expect, test } from 'vitest';

import { checkLogCalls } from '../../src/logs/check-log-calls.ts';
import { makePackage, makeRepository, type Files } from '../support/repository.ts';

const codes = new Set(['sallyport.a.one', 'sallyport.a.two']);
const good: Files = {
  'packages/audit/src/topic/good.ts': `logEvent(log, 'sallyport.a.one', { a: 1 });\nlogCall(passage, which ? 'sallyport.a.two' : x);\n`,
};

function check(...layers: readonly Files[]): readonly string[] {
  const root = makeRepository(makePackage('core'), makePackage('audit'), good, ...layers);
  return checkLogCalls(root, { codes }).problems;
}

const planted = (text: string, folder = 'audit'): Files => ({ [`packages/${folder}/src/topic/planted.ts`]: text });

describe('checkLogCalls', () => {
  test('passes packages whose lines have codes that are all used', () => {
    expect(check()).toEqual([]);
  });

  test.each([
    `log.warn({ a: 1 }, 'free text');`,
    `log?.warn('free text');`,
    `logger.info('free text');`,
    `options.log.error(facts, 'free text');`,
    `class A { #log; f() { this.#log.error({}, 'free text'); } }`,
    `this.#options.log?.debug({}, 'free text');`,
    `rootLog.fatal({}, 'free text');`,
    `log[level]({}, 'free text');`,
    `console.log('free text');`,
    `console.error('free text');`,
  ])('finds a line without a code: %s', (text) => {
    expect(check(planted(`\n${text}`))).toEqual([
      'packages/audit/src/topic/planted.ts:2 writes a log line without a code; use logEvent',
    ]);
  });

  test('finds a code that is in no table', () => {
    expect(check(planted(`logEvent(log, 'sallyport.a.three');`))).toEqual([
      'packages/audit/src/topic/planted.ts:1 writes sallyport.a.three, which is in no table of log events',
    ]);
  });

  test('finds a code that nothing writes; standing in the table is not being used', () => {
    const table = { 'packages/core/src/log/events/a.ts': `export const a = { 'sallyport.a.two': 1 };` };
    const only = { 'packages/audit/src/topic/good.ts': `logEvent(log, 'sallyport.a.one');` };
    expect(check(table, only)).toEqual(['sallyport.a.two is in the table of log events and nothing writes it']);
  });

  test('takes what a command says for no log line', () => {
    expect(check(makePackage('cli'), planted(`console.log('hi');`, 'cli'))).toEqual([]);
  });

  test('does not pass a file that it can not read, or a repository without a line', () => {
    expect(check(planted('logEvent(log,'))).toEqual([expect.stringContaining('planted.ts can not be parsed')]);
    const root = makeRepository(makePackage('core'));
    expect(checkLogCalls(root, { codes: new Set() }).problems).toEqual([
      expect.stringContaining('nothing was checked'),
    ]);
  });
});
