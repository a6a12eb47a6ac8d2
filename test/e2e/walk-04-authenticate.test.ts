import { afterAll, beforeAll, describe, expect } from 'vitest';
import { metadataUrl } from './support/expect-refusal.ts';
import { openGuard, type Call, type CallOf, type Era, type Guard } from './support/guard.ts';
import { legacy, modern } from './support/mcp-request.ts';
import { parseChallenge } from './support/parse-challenge.ts';
import { openRaw, rawRequest } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const methods: readonly [string, Record<string, unknown>, readonly Era[]][] = [
  ['server/discover', {}, ['modern']],
  ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }, ['legacy']],
  ['ping', {}, ['modern', 'legacy']],
  ['logging/setLevel', { level: 'info' }, ['modern', 'legacy']],
  ['tools/list', {}, ['modern', 'legacy']],
  ['tools/call', { name: 'whoami' }, ['modern', 'legacy']],
  ['resources/read', { uri: 'config:///server' }, ['modern', 'legacy']],
  ['prompts/get', { name: 'summarize' }, ['modern', 'legacy']],
  ['tasks/get', { taskId: 'x' }, ['modern']],
  ['subscriptions/listen', { notifications: {} }, ['modern']],
  ['admin/x', {}, ['modern', 'legacy']],
];

describe('without a token', () => {
  for (const [method, params, eras] of methods) {
    verifies('WALK-04-BARE-CHALLENGE', `the answer to ${method} is 401 without an error (A-01, F-53, H-17)`, async () => {
      await guard.expectRefused('no_token', { token: null, rpc: [method, params], eras });
    });
  }

  const elsewhere: readonly [string, CallOf][] = [
    ['a form (A-14)', ({ good }) => ({ ...form, body: `access_token=${good}` })],
    ['_meta (A-15)', ({ good }) => ({ rpc: ['tools/call', { name: 'whoami', _meta: { authorization: `Bearer ${good}`, access_token: good } }] })],
    ['the arguments (A-15)', ({ good }) => ({ rpc: ['tools/call', { name: 'whoami', arguments: { access_token: good } }] })],
    ['X-Enterprise-Token (K-01)', ({ good }) => ({ headers: { 'x-enterprise-token': good } })],
    ['Proxy-Authorization (A-23)', ({ good }) => ({ headers: { 'proxy-authorization': `Bearer ${good}` } })],
    ['a cookie (K-19)', ({ good }) => ({ headers: { cookie: `CF_Authorization=${good}; access_token=${good}` } })],
    ['headers of gateways (K-18, K-21)', ({ good }) => ({ headers: { 'cf-access-jwt-assertion': good, 'x-jwt-payload': good, 'x-amzn-oidc-data': good } })],
    ['an underscore spelling (K-11)', ({ good }) => ({ headers: { x_authorization: `Bearer ${good}`, authorization_: `Bearer ${good}` } })],
  ];
  for (const [where, call] of elsewhere) {
    verifies('WALK-04-BARE-CHALLENGE', `a token is not looked for in ${where}`, async () => {
      await guard.expectRefused('no_token', { token: null, ...(typeof call === 'function' ? await call(guard) : call) });
    });
  }

  for (const [name, headers] of identityHeaders()) {
    verifies('WALK-04-BARE-CHALLENGE', `nobody is believed for ${name}`, async () => {
      await guard.expectRefused('no_token', { token: null, headers });
    });
  }
});

const form: Call = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };

function identityHeaders(): [string, Record<string, string>][] {
  const names = [
    ...['X-Forwarded-User', 'X-Forwarded-Email', 'X-Auth-Request-User', 'X-Remote-User', 'Remote-User', 'X-User-Id'],
    ...['X-MS-CLIENT-PRINCIPAL', 'X-Goog-Authenticated-User-Email', 'Cf-Access-Authenticated-User-Email'],
    ...['Tailscale-User-Login', 'X-Client-Cert', 'X-Forwarded-Client-Cert'],
  ];
  return [
    ['identity headers (K-15)', Object.fromEntries(names.map((name) => [name, 'admin']))],
    ['the user agent of a probe (K-26)', { 'x-probe': 'GoogleHC/1.0', from: 'kube-probe' }],
    ['another URL (K-27)', { 'x-original-url': '/public', 'x-rewrite-url': '/healthz', 'x-forwarded-uri': '/public' }],
  ];
}

describe('a scheme that is not supported', () => {
  for (const value of ['Basic dTpw', 'Digest username="u"', 'DPoP abc.def.ghi', 'Negotiate', 'Token abc', 'BearerX abc']) {
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
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '444', 'x-forwarded-prefix': '/p' },
  { forwarded: 'host=evil.example;proto=https', 'x-original-host': 'evil.example' },
];

for (const headers of forwarded) {
  const names = Object.keys(headers).join(', ');
  verifies('WALK-04-METADATA-FROM-CONFIG', `the challenge is the configured one, whatever ${names} says (A-25, A-35)`, async () => {
    await guard.expectRefused('no_token', { token: null, headers });
    await guard.expectRefused('malformed_token', { token: 'bad', headers });
  });
}

verifies('WALK-04-BARE-CHALLENGE', 'the challenge is one, for a strict parser, and its metadata can be fetched (A-26, A-34)', async () => {
  const { answer } = await guard.send({ token: null });
  const { scheme, params } = parseChallenge(String(answer.headers['www-authenticate']));
  expect({ scheme, params }).toEqual({ scheme: 'Bearer', params: { resource_metadata: metadataUrl, scope: 'notes:read' } });
  const document = await fetch(`${guard.target.origin}${new URL(metadataUrl).pathname}`);
  expect(await document.json()).toMatchObject({ resource: 'http://127.0.0.1:8080/mcp', authorization_servers: [guard.idp.issuer] });
});

verifies('WALK-04-BARE-CHALLENGE', 'a connection carries no identity from one request to the next (A-37)', async () => {
  const raw = openRaw(guard.target.port);
  const message = (token?: string): string => {
    const { headers, body } = (token === undefined ? legacy : modern)('tools/list', {}, token === undefined ? {} : { token });
    const lines = Object.entries({ ...headers, accept: 'application/json' }).map(([name, value]) => `${name}: ${String(value)}`);
    return rawRequest('POST /mcp HTTP/1.1', ['Host: localhost', ...lines], String(body));
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
    await guard.expectRefused('no_token', { token: null, body, eras: ['modern'] }, { headers: { connection: 'close' } });
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () => guard.expectClean());
