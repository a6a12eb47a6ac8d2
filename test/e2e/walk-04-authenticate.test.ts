import { afterAll, beforeAll, describe, expect } from 'vitest';
import { metadataUrl } from './support/expect-refusal.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { modern } from './support/mcp-request.ts';
import { parseChallenge } from './support/parse-challenge.ts';
import { openRaw, rawMessage, rawRequest } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

describe('a scheme that is not supported', () => {
  for (const value of [
    'Basic dTpw',
    'Digest username="u"',
    'DPoP abc.def.ghi',
    'Negotiate',
    'Token abc',
    'BearerX abc',
  ]) {
    verifies('WALK-04-BARE-CHALLENGE', `counts as no token: ${value.split(' ')[0] ?? ''} (A-02)`, async () => {
      guard.watch('dXNlcjpwYXNzd29yZC1vZi1hLXVzZXI=');
      const authorization = value.replace('dTpw', 'dXNlcjpwYXNzd29yZC1vZi1hLXVzZXI=');
      await guard.expectRefused('bad_scheme', { headers: { authorization } });
    });
  }
});

const notTokens = ['"quoted"', 'a,b', 'a<b>', 'a=b', '===', 'ünïcode', 'a\u00a0b', '%00', 'a;b', '{"payload":"x"}'];

describe('a token that is none', () => {
  for (const token of notTokens) {
    verifies('WALK-04-INVALID-TOKEN', `is 401 invalid_token by its characters: ${token} (A-21, B-79)`, async () => {
      await guard.expectRefused('malformed_token', { token });
    });
  }

  for (const token of ['opaque', 'a.b.c', '..', 'a.b', 'a.b.c.d', 'a.b.c.d.e', 'undefined', 'null', '0', '~._-+/==']) {
    verifies('WALK-04-INVALID-TOKEN', `is 401 invalid_token by its structure: ${token} (D-29, B-69)`, async () => {
      await guard.expectRefused('malformed_token', { token });
    });
  }
});

const forwarded: readonly Record<string, string>[] = [
  { host: 'localhost:9999' },
  {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '444',
    'x-forwarded-prefix': '/p',
  },
  { forwarded: 'host=evil.example;proto=https', 'x-original-host': 'evil.example' },
];

for (const headers of forwarded) {
  const names = Object.keys(headers).join(', ');
  verifies(
    'WALK-04-METADATA-FROM-CONFIG',
    `the challenge is the configured one, whatever ${names} says (A-25, A-35)`,
    async () => {
      await guard.expectRefused('no_token', { token: null, headers });
      await guard.expectRefused('malformed_token', { token: 'bad', headers });
    },
  );
}

verifies(
  'WALK-04-BARE-CHALLENGE',
  'the challenge is one, for a strict parser, and its metadata can be fetched (A-26, A-34)',
  async () => {
    const { answer } = await guard.send({ token: null });
    const { scheme, params } = parseChallenge(String(answer.headers['www-authenticate']));
    expect({ scheme, params }).toEqual({
      scheme: 'Bearer',
      params: { resource_metadata: metadataUrl, scope: 'notes:read' },
    });
    const document = await fetch(`${guard.target.origin}${new URL(metadataUrl).pathname}`);
    expect(await document.json()).toMatchObject({
      resource: 'http://127.0.0.1:8080/mcp',
      authorization_servers: [guard.idp.issuer],
    });
  },
);

verifies('WALK-04-BARE-CHALLENGE', 'a connection carries no identity from one request to the next (A-37)', async () => {
  const raw = openRaw(guard.target.port);
  const message = (token?: string): string => {
    const options = { headers: { accept: 'application/json' }, ...(token !== undefined && { token }) };
    return rawMessage(modern('tools/list', {}, options));
  };
  raw.write(message(guard.good) + message() + message(guard.good) + message());
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await raw.answer()).status);
  expect(statuses).toEqual([200, 401, 200, 401]);
  raw.destroy();
});

describe('before a byte of the body', () => {
  const lines = ['Host: localhost', 'Content-Type: application/json', 'Content-Length: 5242880'];
  const rows: readonly [string, string[], number][] = [
    ['no token', [], 401],
    ['a bad token', ['Authorization: Bearer bad'], 401],
    ['two tokens', ['Authorization: Bearer a', 'Authorization: Bearer b'], 400],
    ['another origin', ['Origin: http://evil.example'], 403],
  ];
  for (const [name, more, status] of rows) {
    verifies('WALK-04-AUTH-BEFORE-BODY', `${name} is refused, though the client says 5 MB follow (I-01)`, async () => {
      const raw = openRaw(guard.target.port);
      raw.write(rawRequest('POST /mcp HTTP/1.1', [...lines, ...more]));
      const answer = await raw.answer();
      expect(answer).toMatchObject({ status, headers: { connection: 'close' } });
      raw.destroy();
    });
  }

  verifies('WALK-04-AUTH-BEFORE-BODY', 'a client that sends 5 MB anyway can read why it was refused', async () => {
    const body = Buffer.alloc(5 * 1024 * 1024, 0x20);
    await guard.expectRefused(
      'no_token',
      { token: null, body, eras: ['modern'] },
      { headers: { connection: 'close' } },
    );
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
