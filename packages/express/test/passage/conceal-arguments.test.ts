import { errorText } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { concealArguments } from '../../src/passage/conceal-arguments.ts';

const hidden = 'TypeError: the message is hidden: it repeats an argument of the call';
const shown = (error: unknown, args: unknown): string => errorText(concealArguments(error, args));

describe('an error of a handler in the log', () => {
  it('is written as it is when it says nothing of the arguments', () => {
    const error = new TypeError('connection to db-1 refused');
    expect(concealArguments(error, { id: 'note-1', count: 3, connection: 1 })).toBe(error);
    expect(concealArguments(error, undefined)).toBe(error);
  });

  // @verifies G-10
  it.each([
    ['a text', { pin: 's3cret' }, 'wrong pin s3cret'],
    ['a number', { amount: 4711 }, 'amount 4711 is too much'],
    ['a text deep inside', { a: [{ b: 'hunter22' }] }, 'bad value hunter22'],
    ['the beginning of a long text', { text: 'abcd'.repeat(100) }, `can not parse ${'abcd'.repeat(20)}…`],
  ])('has no message when that repeats %s of the arguments', (_, args, message) => {
    const error = new TypeError(message);
    expect(shown(error, args)).toBe(hidden);
    expect(shown(new TypeError('failed', { cause: error }), args)).toBe(hidden);
    expect(shown(message, args)).toBe('Error: the message is hidden: it repeats an argument of the call');
  });

  it('still says where it was made', () => {
    const error = new TypeError('wrong pin s3cret');
    const concealed = concealArguments(error, { pin: 's3cret' }) as Error;
    expect(concealed.stack).toContain('conceal-arguments.test.ts');
  });

  it('has no message when the arguments are too many to look at, and none is too short to count', () => {
    expect(shown(new TypeError('x'), { list: Array.from({ length: 5_000 }, () => 1) })).toBe(hidden);
    expect(shown(new TypeError('an id of a note'), { id: 'an', n: 1 })).toBe('TypeError: an id of a note');
  });
});
