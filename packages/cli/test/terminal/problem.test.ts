import { SetupError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { describeProblem, problemOf } from '../../src/terminal/problem.ts';

const plain = (_tone: unknown, text: string): string => text;

describe('problemOf', () => {
  it('takes code, place, problem, remedy and page from an error that was planned for', () => {
    const error = new SetupError({
      code: 'ERR_CONFIG_INVALID',
      file: 'a.yaml',
      field: 'resource',
      problem: 'is missing',
      remedy: 'add it',
    });
    expect(problemOf(error)).toEqual({
      code: 'ERR_CONFIG_INVALID',
      file: 'a.yaml',
      field: 'resource',
      problem: 'is missing',
      remedy: 'add it',
      doc: 'https://sallyport.dev/errors/ERR_CONFIG_INVALID',
    });
  });

  it.each([new TypeError('x is undefined'), 'thrown text'])('has a code for what nobody planned for', (error) => {
    const problem = problemOf(error);
    expect(problem.code).toBe('ERR_CLI_INTERNAL');
    expect(describeProblem(problem, 'error', plain)).toMatch(
      /^error {2}ERR_CLI_INTERNAL {2}this should not happen: .+\n {7}report it/,
    );
  });
});
