import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal, type Reason } from '@sallyport/core';
import { readEnterpriseToken } from '../../src/enterprise/read-enterprise-token.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const trusted = { trusted: true, tokenBytes: 64 };

describe('reading an enterprise token', () => {
  it('is none without the header', () => {
    expect(readEnterpriseToken([], trusted)).toEqual({ kind: 'none' });
    expect(readEnterpriseToken([], { ...trusted, trusted: false })).toEqual({ kind: 'none' });
  });

  it('takes one token', () => {
    expect(readEnterpriseToken(['aaa.bbb.ccc'], trusted)).toEqual({ kind: 'token', token: 'aaa.bbb.ccc' });
  });

  it.each<[string, string[], Reason, number]>([
    ['an empty value', [''], 'malformed_request', 400],
    ['spaces only', ['  \t '], 'malformed_request', 400],
    ['two fields', ['a', 'b'], 'malformed_request', 400],
    ['the same field twice', ['a', 'a'], 'malformed_request', 400],
    ['a list, as a proxy joins two fields', ['a, b'], 'malformed_request', 400],
    ['a list without spaces', ['a,b'], 'malformed_request', 400],
    ['a scheme', ['Bearer aaa.bbb.ccc'], 'malformed_request', 400],
    ['space before it', [' aaa'], 'malformed_request', 400],
    ['something behind it', ['aaa x'], 'malformed_request', 400],
    ['a tab', ['a\tb'], 'malformed_request', 400],
    ['20 KB', ['a'.repeat(20_000)], 'token_too_large', 401],
    ['a byte more than is looked at', ['a'.repeat(65)], 'token_too_large', 401],
    ['other characters', ['a"b'], 'enterprise_invalid', 401],
    ['a line break', ['a\r\nb'], 'enterprise_invalid', 401],
    ['letters beyond ASCII', ['tökén'], 'enterprise_invalid', 401],
  ])('refuses %s from a trusted proxy (K-10)', async (_name, lines, reason, status) => {
    await expectRefusal(() => readEnterpriseToken(lines, trusted), reason, status);
  });

  it('ignores whatever it says from anybody else, malformed or not (K-02)', () => {
    for (const lines of [['aaa.bbb.ccc'], [''], ['a', 'b'], ['x'.repeat(20_000)]]) {
      expect(readEnterpriseToken(lines, { ...trusted, trusted: false })).toEqual({ kind: 'untrusted' });
    }
  });

  it('throws nothing but a refusal, and gives back nothing but what stood there alone', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }), (lines) => {
        try {
          const read = readEnterpriseToken(lines, trusted);
          if (read.kind === 'token') expect([read.token]).toEqual(lines);
          else expect(lines).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});
