import { describe, expect, it } from 'vitest';
import { oneLine, quote, showKind, showValue } from '../../src/problem/show-value.ts';

describe('showValue', () => {
  it('keeps everything on one line and in reading order', () => {
    expect(showValue('a\r\nb\u2028c\u0085d\u202Ee')).toBe(String.raw`"a\r\nb\u{2028}c\u{85}d\u{202e}e"`);
    expect(oneLine('a\nb')).toBe(String.raw`a\u{a}b`);
  });

  it('names lists and objects instead of printing them', () => {
    expect([[], [1], {}, null, true, 1.5].map(showValue)).toEqual([
      'an empty list',
      'a list',
      'an object',
      'null',
      'true',
      '1.5',
    ]);
  });

  it('hides whatever may be the password of a URL', () => {
    expect(quote('redis://user:pass@host:1/0')).toBe('"redis://…@host:1/0"');
    expect(quote('https://user:pa/s@s@host')).toBe('"https://…@host"');
    expect(quote('user:pass@host')).toBe('"…@host"');
    expect(quote('mail@example.com')).toBe('"mail@example.com"');
    expect(quote('https://host/@')).toBe('"https://…@"');
  });

  it('says of a secret only what kind of value it is', () => {
    expect(['', 'x', 1, [], null].map(showKind)).toEqual([
      'an empty text',
      'a text that is not shown',
      'a number',
      'an empty list',
      'null',
    ]);
  });
});
