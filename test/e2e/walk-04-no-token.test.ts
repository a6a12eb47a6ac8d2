import { afterAll, beforeAll, describe } from 'vitest';
import { openGuard, type Call, type CallOf, type Era, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const methods: readonly [string, Record<string, unknown>, readonly Era[]][] = [
  ['server/discover', {}, ['modern']],
  [
    'initialize',
    { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    ['legacy'],
  ],
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
    verifies(
      'WALK-04-BARE-CHALLENGE',
      `the answer to ${method} is 401 without an error (A-01, F-53, H-17)`,
      async () => {
        await guard.expectRefused('no_token', { token: null, rpc: [method, params], eras });
      },
    );
  }

  const elsewhere: readonly [string, CallOf][] = [
    ['a form (A-14)', ({ good }) => ({ ...form, body: `access_token=${good}` })],
    [
      '_meta (A-15)',
      ({ good }) => ({
        rpc: ['tools/call', { name: 'whoami', _meta: { authorization: `Bearer ${good}`, access_token: good } }],
      }),
    ],
    [
      'the arguments (A-15)',
      ({ good }) => ({ rpc: ['tools/call', { name: 'whoami', arguments: { access_token: good } }] }),
    ],
    ['X-Enterprise-Token (K-01)', ({ good }) => ({ headers: { 'x-enterprise-token': good } })],
    ['Proxy-Authorization (A-23)', ({ good }) => ({ headers: { 'proxy-authorization': `Bearer ${good}` } })],
    ['a cookie (K-19)', ({ good }) => ({ headers: { cookie: `CF_Authorization=${good}; access_token=${good}` } })],
    [
      'headers of gateways (K-18, K-21)',
      ({ good }) => ({ headers: { 'cf-access-jwt-assertion': good, 'x-jwt-payload': good, 'x-amzn-oidc-data': good } }),
    ],
    [
      'an underscore spelling (K-11)',
      ({ good }) => ({ headers: { x_authorization: `Bearer ${good}`, authorization_: `Bearer ${good}` } }),
    ],
  ];
  for (const [where, call] of elsewhere) {
    verifies('WALK-04-BARE-CHALLENGE', `a token is not looked for in ${where}`, async () => {
      await guard.expectRefused('no_token', {
        token: null,
        ...(typeof call === 'function' ? await call(guard) : call),
      });
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

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
