import { describe, expect, test } from 'vitest';
import { isCredentialName, looksLikeCredential } from '../../src/audit/credential-like.ts';

describe('isCredentialName', () => {
  const credentials = `
    password user_password dbPasswd ｐａｓｓｗｏｒｄ passphrase pwd dbPwd
    token access_token refreshToken id-token x-github-token tokens jwt Bearer
    api_key X-API-Key apikey secret client_secret clientAssertion private-key privateKeyPem
    Authorization proxy-authorization Cookie Set-Cookie session_id Mcp-Session-Id sid
    pin PIN otp cvv credentials awsCredential connection_string accessKeyId auth
  `;

  test.each(['PASSWORD ', 'pass\u200bword', ...credentials.trim().split(/\s+/)])('knows %j', (name) => {
    expect(isCredentialName(name)).toBe(true);
  });

  test.each([
    'name',
    'id',
    'author',
    'pins',
    'spinning',
    'maxTokens',
    'key',
    'keyboard',
    'compass',
    'text',
    'tokenizer',
    '',
    '🎉',
    'passenger',
  ])('does not take %j for a credential', (name) => {
    expect(isCredentialName(name)).toBe(false);
  });
});

describe('looksLikeCredential', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

  test.each([
    ['a JSON Web Token', jwt],
    ['one inside a sentence', `the token ${jwt} was refused`],
    ['one in a URL', `https://a.example/?access_token=${jwt}`],
    ['one without a signature', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.'],
    ['one in Base64', Buffer.from(jwt).toString('base64')],
    ['an opaque bearer token', 'Bearer mF_9.B5f-4.1JqM'],
    ['one of letters only', 'token: bearer abcdefghijklmnop'],
    ['a bearer token in a header dump', 'authorization: BEARER\t 0123456789abcdef'],
    ['a basic credential', 'Basic dXNlcjpwYXNzd29yZA=='],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
  ])('knows %s', (_what, text) => {
    expect(looksLikeCredential(text)).toBe(true);
  });

  test.each([
    'a note about nothing in particular',
    'the bearer of this letter',
    'basic English',
    'bearer certificate',
    'basic well-known facts',
    'eyJustAWord and more of it',
    'file.eyJ.txt and another.one',
    '-----BEGIN CERTIFICATE-----',
    'e'.repeat(10_000),
  ])('does not take %j for one', (text) => {
    expect(looksLikeCredential(text)).toBe(false);
  });

  test('looks at texts made to slow it down without repeating itself', () => {
    const texts = [
      'eyJ'.repeat(200_000),
      'bearer '.repeat(100_000),
      `bearer${' '.repeat(500_000)}`,
      'ZXlK.'.repeat(100_000),
      'eyJa.'.repeat(100_000),
    ];
    expect(texts.map((text) => looksLikeCredential(text))).toEqual([false, false, false, false, false]);
  });
});
