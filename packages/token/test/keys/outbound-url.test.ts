import { describe, expect, it } from 'vitest';
import { readOutboundUrl } from '../../src/keys/outbound-url.ts';

describe('readOutboundUrl', () => {
  it('accepts https anywhere', () => {
    expect(readOutboundUrl('https://idp.example.com/jwks?v=1', false)).toBeInstanceOf(URL);
  });

  // @verifies TOKEN-8414-HTTPS
  it('accepts http on loopback only, and only when that is switched on (C-22)', () => {
    expect(readOutboundUrl('http://127.0.0.1:9001/jwks', true)).toBeInstanceOf(URL);
    expect(readOutboundUrl('http://localhost:9001', true)).toBeInstanceOf(URL);
    expect(readOutboundUrl('http://127.0.0.1:9001', false)).toContain('dangerouslyAllowInsecureIssuers');
    for (const url of [
      'http://idp.example.com',
      'http://169.254.169.254/',
      'http://10.0.0.1',
      'http://localhost.evil.example',
    ]) {
      expect(readOutboundUrl(url, true)).toContain('https');
    }
  });

  it('refuses other schemes, credentials, fragments and what is no URL', () => {
    for (const url of [
      'file:///etc/passwd',
      'data:application/json,{}',
      'ftp://h',
      'https://u:p@h',
      'https://u@h',
      'https://h/#f',
      'https://h#',
      '/jwks',
      '',
      'https://',
    ]) {
      expect(readOutboundUrl(url, true)).toBeTypeOf('string');
    }
  });
});
