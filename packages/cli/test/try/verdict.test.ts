import { reasons } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import type { Refused } from '../../src/try/call-tool.ts';
import { verdictOf, type Attempt } from '../../src/try/verdict.ts';

const attempt: Attempt = {
  tool: 'read-note',
  endpoint: new URL('https://mcp.example.com/mcp'),
  user: undefined,
  signedIn: undefined,
  withToken: true,
  rule: undefined,
};
const refused = (fields: Partial<Refused>): Refused => ({
  kind: 'refused',
  status: 403,
  code: undefined,
  message: 'a message of the server',
  scopes: [],
  retryAfter: undefined,
  ...fields,
});

describe('verdictOf', () => {
  it.each(Object.values(reasons))('has message, next step and page for $code', ({ code, status, message }) => {
    const verdict = verdictOf(refused({ code, status }), attempt);
    expect(verdict).toMatchObject({ code, message, doc: `https://sallyport.dev/errors/${code}` });
    expect(verdict.next).not.toBe('');
    expect(verdict.undecided).toBe(status === 429 || status >= 500);
  });

  it('has a next step for a refusal of any other server', () => {
    expect(verdictOf(refused({ status: 401 }), attempt)).toEqual({
      code: 'HTTP 401',
      needs: [],
      message: 'a message of the server',
      next: 'get a new access token for https://mcp.example.com/mcp',
      doc: undefined,
      undecided: false,
    });
    expect(verdictOf(refused({ scopes: ['x'] }), attempt)).toMatchObject({
      needs: ['x'],
      next: 'use a token that has x',
    });
  });

  it('says when to come back', () => {
    const verdict = verdictOf(refused({ status: 429, code: 'ERR_LIMIT_RATE_LIMITED', retryAfter: '7' }), attempt);
    expect(verdict).toMatchObject({ undecided: true, next: 'try again after 7 seconds' });
  });

  it('does not count the scopes of a first sign-in as those the tool needs', () => {
    const verdict = verdictOf(refused({ status: 401, code: 'ERR_TOKEN_NO_TOKEN', scopes: ['read'] }), {
      ...attempt,
      withToken: false,
    });
    expect(verdict.needs).toEqual([]);
    expect(verdict.next).toContain('--token-file <file>');
  });
});
