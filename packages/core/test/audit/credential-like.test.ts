import { describe, expect, test } from 'vitest';
import { looksLikeCredential } from '../../src/audit/credential-like.ts';
import { isCredentialName } from '../../src/audit/credential-name.ts';

describe('isCredentialName', () => {
  const credentials = `
    password user_password dbPasswd ｐａｓｓｗｏｒｄ passphrase pwd dbPwd
    token access_token refreshToken id-token x-github-token tokens jwt Bearer
    api_key X-API-Key apikey secret client_secret clientAssertion private-key privateKeyPem
    Authorization proxy-authorization Cookie Set-Cookie session_id Mcp-Session-Id sid
    token_value tokenId auth_token_1 token1 refreshTokens sessionKey pw passwort bearer_value JSESSIONID
    pаssword pásswórd APİKEY apiKey 𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝 pa­ssword
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
    'completion_tokens',
    'tokenCount',
    'oauth2',
    'step1',
    'имя',
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
    ['one in hexadecimal', Buffer.from(jwt).toString('hex')],
    ['one with its dots escaped', jwt.replaceAll('.', '%2E')],
    ['a key of a cloud', 'AKIAIOSFODNN7EXAMPLE'],
    ['a token of a forge', 'use ghp_abcdefghijklmnopqrstuvwxyz0123456789 for it'],
    ['a key of a model', 'sk-proj-abcdefghijklmnopqrstuvwxyz'],
    ['a token of a chat', 'xoxb-1234567890-abcdefghij'],
    ['a password in a URL', 'https://user:hunter2@host/x'],
    ['a token in a query', 'https://h/x?a=1&access_token=hunter2'],
    ['a token in a fragment', 'https://h/#id_token=hunter2'],
    ['a password in a form', 'username=a&password=hunter2'],
    ['a header with a scheme of its own', 'Authorization: token hunter2canary'],
    ['a header of a key', 'X-Api-Key: hunter2canary'],
    ['a key in words', 'my API key: hunter2canary'],
    ['a cookie', 'Cookie: sid=hunter2'],
    ['a cookie that is set', 'Set-Cookie: session=hunter2; HttpOnly'],
    ['a line of YAML', 'password: hunter2'],
    ['an environment variable', 'AWS_SECRET_ACCESS_KEY=hunter2'],
    ['JSON that is cut', '{"password":"hunter2","x":'],
    ['JSON inside JSON', JSON.stringify({ t: JSON.stringify({ password: 'hunter2' }) })],
    ['a secret of a webhook', 'expected whsec_CQkJCQkJCQkJ/CQk='],
    ['one that begins with a plus', 'whsec_+QkJCQkJ'],
    ['a signed URL', 'https://b.example/o?X-Amz-Expires=60&X-Amz-Signature=fe5f80f77d5fa3be'],
    ['another', 'https://b.example/o?x-goog-signature=fe5f80f77d5fa3be'],
    ['a shared access signature', 'https://b.example/o?sv=2024&sig=Zm9vYmFyYmF6%3D'],
    ['a code of a sign-in', 'https://c.example/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=x'],
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
    'Password: required',
    'the token: expired yesterday',
    'Enter your password: it must have 12 characters',
    'if (token == null) return',
    'Token usage: 1024 tokens',
    'tokens: 1500',
    '"password": null',
    'session: Monday 10am',
    'see https://host:8080/@user and https://user@host/',
    'a risk-based approach, sk-SK, task-abcdefghijklmnopqrstuvwxyz',
    'npm_config_registry',
    'https://shop.example/?code=DE&sig=no&key=name',
    'time: 12:30:45, ratio=3:4',
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
      'aa='.repeat(100_000),
      '://a:'.repeat(100_000),
      'token: '.repeat(100_000),
      `${'"'.repeat(100_000)}=`,
      'sk-'.repeat(100_000),
    ];
    for (const text of texts) expect(looksLikeCredential(text)).toBe(false);
  });
});
