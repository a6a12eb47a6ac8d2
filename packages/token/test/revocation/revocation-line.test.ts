import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Revocation } from '@sallyport/core';
import { formatRevocation, parseRevocation, type RevocationLine } from '../../src/revocation/revocation-line.ts';

const untilMs = Date.UTC(2026, 10, 27);
const issuer = 'https://as.example';

function parse(text: string): RevocationLine | string {
  return parseRevocation(Buffer.from(text));
}

function line(changes: Record<string, unknown>): string {
  return JSON.stringify({ v: 1, id: 'a', issuer, jti: 'token-1', until: '2026-11-27T00:00:00Z', ...changes });
}

describe('a line of a revocation file', () => {
  it.each<[Revocation, string]>([
    [{ kind: 'token', issuer, tokenId: 'token-1' }, '"jti":"token-1"'],
    [{ kind: 'session', issuer, sessionId: 'session-1' }, '"session":"session-1"'],
    [{ kind: 'subject', issuer, subject: 'alice', issuedUpTo: 5 }, '"subject":"alice","issuedUpTo":5'],
    [
      { kind: 'subject', issuer, subject: 'alice', issuedUpTo: 5, sessionlessOnly: true },
      '"subject":"alice","issuedUpTo":5,"sessionlessOnly":true',
    ],
  ])('is JSON that people can read, for %o', (entry, part) => {
    const text = formatRevocation({ id: 'id-1', entry, untilMs }, Date.UTC(2026, 10, 20));
    expect(text).toBe(
      `{"v":1,"id":"id-1","at":"2026-11-20T00:00:00.000Z","issuer":"${issuer}",${part},"until":"2026-11-27T00:00:00.000Z"}\n`,
    );
    expect(parse(text.trimEnd())).toEqual({ id: 'id-1', entry, untilMs });
  });

  it.each([
    ['text', 'hello', 'not JSON'],
    ['half a line', line({}).slice(0, 40), 'not JSON'],
    ['two lines in one', line({}) + line({}), 'not JSON'],
    ['a name twice', `{"v":1,"jti":"a","jti":"b"}`, 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['a later version', line({ v: 2 }), 'v is not 1'],
    ['a field nobody knows', line({ client: 'c' }), 'not known'],
    ['no issuer', line({ issuer: undefined }), 'issuer'],
    ['no end', line({ until: undefined }), 'until'],
    ['an end that is no date', line({ until: 'tomorrow' }), 'until'],
    ['no id', line({ id: 7 }), 'id'],
    ['nothing that is revoked', line({ jti: undefined }), 'exactly one'],
    ['two things that are revoked', line({ subject: 'alice', issuedUpTo: 1 }), 'exactly one'],
    ['an empty jti', line({ jti: '' }), 'jti'],
    ['a session that is a number', line({ jti: undefined, session: 1 }), 'session'],
    ['a subject without a time', line({ jti: undefined, subject: 'alice' }), 'issuedUpTo'],
    ['a subject with a time beyond numbers', line({ jti: undefined, subject: 'alice', issuedUpTo: '1' }), 'issuedUpTo'],
    ['a time without a subject', line({ issuedUpTo: 1 }), 'belong to a subject'],
    ['a very long line', line({ jti: 'x'.repeat(20_000) }), 'too long'],
  ])('is not understood when it is %s', (_name, text, problem) => {
    expect(parse(text)).toContain(problem);
  });

  it('never throws, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          parseRevocation(bytes);
        },
      ),
    );
  });
});
