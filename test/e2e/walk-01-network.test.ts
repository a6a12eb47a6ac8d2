import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectOneRecord, expectRefusal } from './support/expect-refusal.ts';
import { headersOf, openGuard, type Call, type Guard } from './support/guard.ts';
import { modern } from './support/mcp-request.ts';
import { exchange, rawMessage } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

const app = 'https://app.example.com';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { network: { allowedOrigins: [app] } } });
});
afterAll(() => guard.close());

const badHosts: readonly [string, Call][] = [
  ['another name (J-06)', { headers: { host: 'evil.example' } }],
  ['another name with a port (J-06)', { headers: { host: 'evil.example:8080' } }],
  ['a name that begins like an allowed one', { headers: { host: '127.0.0.1.evil.example' } }],
  ['a trailing dot', { headers: { host: 'localhost.' } }],
  ['user information', { headers: { host: 'user@localhost' } }],
  ['a path', { headers: { host: 'localhost/evil' } }],
  ['another spelling of the address as a number', { headers: { host: '2130706433' } }],
  ['a shortened address', { headers: { host: '127.1' } }],
  ['the address as mapped IPv6', { headers: { host: '[::ffff:127.0.0.1]' } }],
  ['a port that is none', { headers: { host: 'localhost:99999' } }],
  ['two ports', { headers: { host: 'localhost:80:80' } }],
  ['two names in one line', { headers: { host: 'localhost, evil.example' } }],
  ['an allowed X-Forwarded-Host (J-09)', { headers: { host: 'evil.example', 'x-forwarded-host': 'localhost' } }],
  ['an allowed Forwarded host (J-09)', { headers: { host: 'evil.example', forwarded: 'host=localhost' } }],
  ['an absolute target of another host (F-93)', { target: 'http://evil.example/mcp' }],
];

describe('a Host that is not allowed', () => {
  for (const [name, call] of badHosts) {
    verifies(['WALK-01-HOST', 'REFUSAL-NOTHING-RAN'], `is 403: ${name}`, async () => {
      await guard.expectRefused('host_refused', call);
    });
  }
});

const rawHosts: readonly [string, string, string[]][] = [
  ['an empty one', 'POST /mcp HTTP/1.1', ['Host:']],
  ['none, as HTTP/1.0 allows', 'POST /mcp HTTP/1.0', []],
  ['two, the good one first', 'POST /mcp HTTP/1.1', ['Host: localhost', 'Host: evil.example']],
  ['two equal ones', 'POST /mcp HTTP/1.1', ['Host: localhost', 'Host: localhost']],
  ['a good one beside an absolute target of another host', 'POST http://evil/mcp HTTP/1.1', ['Host: localhost']],
];

for (const [name, line, lines] of rawHosts) {
  verifies('WALK-01-HOST', `a Host that is not exactly one allowed name is 403: ${name}`, async () => {
    const userAgent = guard.userAgent();
    const message = modern('tools/call', { name: 'whoami' }, { token: guard.good });
    const request = rawMessage(message, [...lines, `User-Agent: ${userAgent}`], line);
    expectRefusal(await exchange(guard.target.port, request), 'host_refused', 1);
    await guard.expectNextAnswered();
    expectOneRecord(guard.target.records(), userAgent, 'host_refused');
    expect(guard.target.effects().filter(({ tool }) => tool === 'whoami')).toEqual([]);
  });
}

const goodHosts: readonly [string, Call][] = [
  ['localhost with any port (J-07)', { headers: { host: 'localhost:3000' } }],
  ['the address without a port (J-07)', { headers: { host: '127.0.0.1' } }],
  ['the IPv6 loopback (J-07)', { headers: { host: '[::1]:3000' } }],
  ['upper case', { headers: { host: 'LOCALHOST' } }],
  ['a forwarded host that nobody vouches for', { headers: { host: 'localhost', 'x-forwarded-host': 'evil.example' } }],
  [
    'an absolute target, which replaces Host (F-93)',
    { target: 'http://localhost:1/mcp', headers: { host: 'evil.example' } },
  ],
];

for (const [name, call] of goodHosts) {
  verifies('WALK-01-HOST', `a loopback resource serves ${name}`, async () => {
    await guard.expectAnswered(call);
  });
}

const badOrigins: readonly [string, Call][] = [
  ['another origin (J-01)', { headers: { origin: 'http://evil.example' } }],
  ['null (J-02)', { headers: { origin: 'null' } }],
  ['a file (J-02)', { headers: { origin: 'file://' } }],
  ['an empty value (J-02)', { headers: { origin: '' } }],
  ['something that is no origin (J-02)', { headers: { origin: 'not an origin' } }],
  ['an extension (J-02)', { headers: { origin: 'chrome-extension://abcdefghijklmnop' } }],
  ['two lines (J-02)', { headers: { origin: [app, app] } }],
  ['two origins in one line (J-02)', { headers: { origin: `${app}, ${app}` } }],
  ['an allowed one as prefix (J-05)', { headers: { origin: `${app}.evil.com` } }],
  ['an allowed one as suffix (J-05)', { headers: { origin: 'https://evilapp.example.com' } }],
  ['an allowed one as user information (J-05)', { headers: { origin: `${app}@evil.example` } }],
  ['another port (J-05)', { headers: { origin: `${app}:444` } }],
  ['another scheme (J-05)', { headers: { origin: 'http://app.example.com' } }],
  ['a trailing dot (J-05)', { headers: { origin: `${app}.` } }],
  ['a trailing slash (J-05)', { headers: { origin: `${app}/` } }],
  ['a punycode twin (J-05)', { headers: { origin: 'https://xn--pp-1ia.example.com' } }],
  ['a cross-site fetch that hides it (J-13)', { headers: { 'sec-fetch-site': 'cross-site' } }],
];

describe('an Origin that is not allowed', () => {
  for (const [name, call] of badOrigins) {
    verifies(['WALK-01-ORIGIN', 'WALK-01-CORS-NO-CREDENTIALS'], `is 403 and not echoed: ${name}`, async () => {
      await guard.expectRefused('origin_refused', call);
      const { answer } = await guard.send(call);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    });
  }

  verifies('WALK-01-BEFORE-AUTH', 'is 403 without a challenge when there is no token either (J-15)', async () => {
    await guard.expectRefused('origin_refused', { token: null, headers: { origin: 'http://evil.example' } });
  });

  verifies('WALK-01-PREFLIGHT', 'gets no preflight (F-77)', async () => {
    await guard.expectRefused('origin_refused', {
      ...{ method: 'OPTIONS', token: null, body: '' },
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
  });
});

verifies('WALK-01-NO-ORIGIN', 'a program sends no Origin and is served (J-03)', async () => {
  for (const { answer } of await guard.expectAnswered({})) {
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers['vary']).toBe('Origin');
  }
});

const granted = [
  ...['authorization', 'content-type', 'accept', 'last-event-id', 'mcp-method', 'mcp-name'],
  ...['mcp-protocol-version', 'mcp-session-id', 'traceparent', 'tracestate'],
];

verifies(
  'WALK-01-PREFLIGHT',
  'a preflight needs no token, names methods and headers, and leaves no record (A-41)',
  async () => {
    const before = guard.target.effects().length;
    const { answer, userAgent } = await guard.send({
      ...{ method: 'OPTIONS', token: null, body: '' },
      headers: {
        origin: app,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, mcp-param-region, x-enterprise-token',
      },
    });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'POST',
      vary: 'Origin',
    });
    expect(String(answer.headers['access-control-allow-headers']).split(', ')).toEqual([
      ...granted,
      'mcp-param-region',
    ]);
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    await guard.expectNextAnswered();
    expect(guard.target.effects()).toHaveLength(before + 1);
    expect(guard.target.records().filter(({ source }) => source?.userAgent === userAgent)).toEqual([]);
  },
);

const cors = {
  'access-control-allow-origin': app,
  'access-control-expose-headers': expect.stringContaining('WWW-Authenticate'),
};

const refusedForTheApp: readonly [Parameters<Guard['expectRefused']>[0], Call][] = [
  ['no_token', { token: null }],
  ['malformed_token', { token: 'not-a-token' }],
  ['malformed_request', { headers: { authorization: 'Bearer' } }],
  ['path_not_found', { target: '/mcp/' }],
  ['method_not_allowed', { method: 'PUT' }],
  ['bad_content_type', { headers: { 'content-type': 'text/plain' } }],
  ['malformed_rpc', { body: '{}' }],
  ['unknown_tool', { rpc: ['tools/call', { name: 'nope' }] }],
];

verifies(
  'WALK-01-CORS-NO-CREDENTIALS',
  'no answer lets a page send credentials, and each says that it depends on the origin (J-14)',
  async () => {
    const calls: readonly Call[] = [
      {},
      { token: null },
      { token: 'x.y.z' },
      { target: '/mcp/' },
      { method: 'PUT' },
      { body: '{}' },
      { rpc: ['tools/call', { name: 'write-note', arguments: { id: '9', text: 'x' } }] },
      { rpc: ['tools/call', { name: 'nope' }] },
      { method: 'OPTIONS', body: '', headers: { 'access-control-request-method': 'POST' } },
    ];
    for (const origin of [app, 'https://evil.example', undefined]) {
      for (const call of calls) {
        const { answer } = await guard.send({ ...call, headers: { ...headersOf(call), origin } });
        expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
        expect(answer.headers['access-control-allow-origin']).toBe(origin === app ? app : undefined);
        expect(answer.headers['vary']).toBe('Origin');
      }
    }
  },
);

describe('an allowed origin may read', () => {
  for (const [reason, call] of refusedForTheApp) {
    verifies('WALK-01-CORS-ON-ERRORS', `why it was refused: ${reason} (A-42)`, async () => {
      const headers = { ...headersOf(call), origin: app };
      const contract = reason === 'method_not_allowed' ? { actor: false } : {};
      await guard.expectRefused(reason, { ...call, headers }, { headers: cors, contract });
    });
  }

  verifies('WALK-01-CORS-ON-ERRORS', 'the answer of a good call, in whatever case it is written (J-05)', async () => {
    for (const { answer } of await guard.expectAnswered({ headers: { origin: 'HTTPS://APP.example.com' } })) {
      expect(answer.headers).toMatchObject({ ...cors, 'access-control-allow-origin': 'HTTPS://APP.example.com' });
      expect(answer.headers['vary']).toBe('Origin');
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
