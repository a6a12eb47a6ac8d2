import { SetupError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { errorWithoutToken } from '../../src/try/without-token.ts';

describe('errorWithoutToken', () => {
  it('keeps code and remedy of an error it cleans', () => {
    const error = new SetupError({ code: 'ERR_CLI_ANSWER', problem: 'saw a.b.c', remedy: 'check it' });
    expect(errorWithoutToken(error, 'a.b.c')).toMatchObject({
      code: 'ERR_CLI_ANSWER',
      problem: 'saw [access token]',
      remedy: 'check it',
    });
  });

  it('cleans errors nobody planned for, and leaves the others alone', () => {
    expect(errorWithoutToken(new TypeError('saw a.b.c'), 'a.b.c')).toMatchObject({ message: 'saw [access token]' });
    const other = new TypeError('saw nothing');
    expect(errorWithoutToken(other, 'a.b.c')).toBe(other);
    expect(errorWithoutToken(other, undefined)).toBe(other);
  });
});
