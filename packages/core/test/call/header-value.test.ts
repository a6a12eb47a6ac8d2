import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeaderValue } from '../../src/call/header-value.ts';

const encoded = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('decodeHeaderValue', () => {
  test('takes visible ASCII, spaces and tabs as they are', () => {
    for (const value of ['read-note', 'a b\tc', '', '~!', '=?base64?abc', 'YWJj?='])
      expect(decodeHeaderValue(value)).toBe(value);
  });

  test('decodes what any text becomes when it is encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (text) => {
        expect(decodeHeaderValue(encoded(text))).toBe(text);
      }),
    );
  });

  test('takes another spelling of the marker for a literal', () => {
    expect(decodeHeaderValue('=?BASE64?cmVhZA==?=')).toBe('=?BASE64?cmVhZA==?=');
    expect(decodeHeaderValue('=?Base64?cmVhZA==?=')).toBe('=?Base64?cmVhZA==?=');
  });

  test.each([
    ['without padding', '=?base64?cmVhZF9ub3RlMQ?='],
    ['with too much padding', '=?base64?cmVhZF9ub3Rl====?='],
    ['with a letter outside the alphabet', '=?base64?cmVhZF9ub3R*?='],
    ['in the URL-safe alphabet', `=?base64?${Buffer.from('??>>~~').toString('base64url')}?=`],
    ['with a space inside', '=?base64?cmVh ZF9u?='],
    ['with a tab inside', '=?base64?cmVh\tZF9u?='],
    ['with bits left over', '=?base64?cmVhZF9ub3RlMR==?='],
    ['that is empty', '=?base64??='],
    ['whose markers overlap', '=?base64?='],
    ['that is not UTF-8', `=?base64?${Buffer.from([0xff, 0xfe, 0xfd]).toString('base64')}?=`],
    ['that holds an encoded surrogate', `=?base64?${Buffer.from([0xed, 0xa0, 0x80]).toString('base64')}?=`],
    ['of more than 8,192 characters', encoded('x'.repeat(6_145))],
  ])('refuses a payload %s', (_what, value) => {
    expect(decodeHeaderValue(value)).toBeUndefined();
  });

  test('accepts a payload of 8,192 characters', () => {
    expect(decodeHeaderValue(encoded('x'.repeat(6_144)))).toHaveLength(6_144);
  });

  test('refuses bytes beyond ASCII and control characters', () => {
    for (const value of ['caf\u00e9', '\u00a0a', 'a\u0000', 'a\u007f', 'a\nb', '\u2028'])
      expect(decodeHeaderValue(value)).toBeUndefined();
  });

  test('keeps a byte order mark, which is part of the name', () => {
    expect(decodeHeaderValue(encoded('\ufeffecho'))).toBe('\ufeffecho');
  });
});
