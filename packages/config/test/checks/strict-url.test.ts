import { describe, expect, it } from 'vitest';
import { isLoopback, readStrictUrl } from '../../src/checks/strict-url.ts';

const faultOf = (text: string): string | undefined => {
  const read = readStrictUrl(text, { query: false });
  return 'fault' in read ? read.fault : undefined;
};

describe('readStrictUrl', () => {
  it('takes absolute http and https URLs', () => {
    for (const text of [
      'https://a.example',
      'http://[::1]:80/x',
      'https://a.example:8443/a%20b/',
      'https://xn--bcher-kva.example/@/x',
    ]) {
      expect(faultOf(text)).toBeUndefined();
    }
  });

  it('takes nothing that only a lenient parser would read', () => {
    const texts = [
      '',
      'a',
      'https:a',
      'https:/a',
      'HTTPS://a',
      'ftp://a',
      ' https://a',
      'https://a ',
      'https://a\n',
      'https:\\\\a',
      'https://a\\@b',
    ];
    for (const text of [
      ...texts,
      'https://',
      'https://a b',
      'https://a:99999',
      'https://bücher.example',
      'https://a/<x>',
      'javascript:1//https://',
    ]) {
      expect(faultOf(text)).toBe('is not an absolute URL with http or https');
    }
  });

  it('takes no user information, fragment or query, not even empty ones', () => {
    for (const text of ['https://u@a', 'https://u:p@a/', 'https://@a', 'https://:@a?x'])
      expect(faultOf(text)).toBe('holds a user name or password');
    for (const text of ['https://a#', 'https://a/#x']) expect(faultOf(text)).toBe('has a fragment');
    for (const text of ['https://a?', 'https://a/?x=1']) expect(faultOf(text)).toBe('has a query');
    expect(readStrictUrl('https://a/?x=1', { query: true })).toMatchObject({ secure: true, loopback: false });
  });
});

describe('isLoopback', () => {
  it('knows the loopback hosts by their canonical spelling', () => {
    expect(['localhost', '127.0.0.1', '127.255.0.1', '[::1]'].map(isLoopback)).toEqual([true, true, true, true]);
  });

  it('trusts no name that could be resolved to something else', () => {
    const names = [
      'localhost.',
      'localhost.example',
      'a.localhost',
      '127.0.0.1.example',
      '126.0.0.1',
      '0.0.0.0',
      '[::]',
      '[::ffff:7f00:1]',
      '',
    ];
    expect(names.filter(isLoopback)).toEqual([]);
  });
});
