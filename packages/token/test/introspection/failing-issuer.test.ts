import type { ServerResponse } from 'node:http';
import type { Reason } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultKeyTiming } from '../../src/keys/key-timing.ts';
import { bearer, createBench, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import {
  opaqueBench,
  SECRET,
  silence,
  startIntrospectionIssuer,
  text,
  type IntrospectionIssuer,
} from '../support/introspection-issuer.ts';
import { json, status, type Answer } from '../support/test-issuer.ts';

let issuer: IntrospectionIssuer;
let b: Bench;
beforeEach(async () => {
  issuer = await startIntrospectionIssuer();
  b = opaqueBench(issuer);
});
afterEach(async () => {
  b.authenticator.close();
  await issuer.close();
});

let serial = 0;
function ask(on: Bench = b): () => unknown {
  serial += 1;
  const token = `t-${serial}`;
  return () => on.authenticator.authenticate(bearer(token));
}

const good = JSON.stringify({ active: true });

const faults: [what: string, answer: Answer, reason: Reason][] = [
  ['active as text (D-03)', json(() => ({ active: 'true' })), 'idp_unavailable'],
  ['active as a number (D-03)', json(() => ({ active: 1 })), 'idp_unavailable'],
  ['no active at all (D-03)', json(() => ({ scope: 'admin' })), 'idp_unavailable'],
  ['a list (D-03)', text('[]'), 'idp_unavailable'],
  ['a string (D-03)', text('""'), 'idp_unavailable'],
  ['nothing (D-03)', text(''), 'idp_unavailable'],
  ['half an answer (D-03)', text(good.slice(0, -1)), 'idp_unavailable'],
  ['a member twice', text('{"active":false,"active":true}'), 'idp_unavailable'],
  ['a web page (D-03)', text('<html></html>', 'text/html'), 'idp_unavailable'],
  ['JSON that says it is a web page', text(good, 'text/html'), 'idp_unavailable'],
  ['a signed answer nobody asked for', text('e30.e30.', 'application/token-introspection+jwt'), 'idp_unavailable'],
  ['more than is read', text(`{"active":true,"x":"${'x'.repeat(300_000)}"}`), 'idp_unavailable'],
  ['a coding nobody asked for', text(good, 'application/json', 200, { 'content-encoding': 'gzip' }), 'idp_unavailable'],
  ['500', status(500), 'idp_unavailable'],
  ['503', status(503), 'idp_unavailable'],
  ['429', status(429), 'idp_unavailable'],
  ['401, because our credentials are wrong (D-05)', status(401), 'idp_misconfigured'],
  ['401 with an OAuth error (D-05)', text('{"error":"invalid_client"}', 'application/json', 401), 'idp_misconfigured'],
  ['403 (D-05)', status(403), 'idp_misconfigured'],
  ['400', text('{"error":"invalid_request"}', 'application/json', 400), 'idp_misconfigured'],
  ['404', status(404), 'idp_misconfigured'],
  ['a redirect to ourselves', status(307, { location: '/introspect' }), 'idp_misconfigured'],
  [
    'a redirect to the metadata of the cloud',
    status(302, { location: 'http://169.254.169.254/' }),
    'idp_misconfigured',
  ],
];

describe('an issuer that answers', () => {
  // @verifies TOKEN-7662-NO-ANSWER
  it.each(faults)('%s makes it 503, never 401', async (_what, answer, reason) => {
    issuer.say = () => answer;
    const refusal = await expectRefusal(ask(), reason, 503);
    expect(refusal.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(issuer.questions).toHaveLength(1);
    expect(b.log).toHaveLength(1);
  });

  it('with a login page is trusted again as soon as it answers right', async () => {
    issuer.say = () => text('<html></html>', 'text/html');
    await expectRefusal(ask(), 'idp_unavailable', 503);
    issuer.say = () => issuer.about();
    expect(await ask()()).toMatchObject({ subject: 'user-1' });
  });
});

describe('an issuer that is down', () => {
  // @verifies TOKEN-7662-BACKOFF
  it('is not asked for a while that doubles, then by one, then by all (C-05, D-06)', async () => {
    issuer.say = () => status(429);
    await expectRefusal(ask(), 'idp_unavailable', 503);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const asked = issuer.questions.length;
      const refusal = await expectRefusal(ask(), 'idp_unavailable', 503);
      expect(refusal.retryAfterSeconds).toBe(seconds);
      b.clock.skip(seconds * 1_000 - 1);
      await expectRefusal(ask(), 'idp_unavailable', 503);
      expect(issuer.questions).toHaveLength(asked);
      b.clock.skip(1);
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => Promise.resolve().then(ask())));
      expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
      expect(issuer.questions).toHaveLength(asked + 1);
    }
    b.clock.skip(60_000);
    issuer.say = () => issuer.about();
    await ask()();
    await Promise.all(Array.from({ length: 20 }, () => ask()()));
  });

  // @verifies TOKEN-7662-BACKOFF
  it('is left alone as long as it asks for, up to a minute; what is cached goes on (D-06)', async () => {
    const cached = (): unknown => b.authenticator.authenticate(bearer('cached'));
    await cached();
    issuer.say = () => status(429, { 'retry-after': '3600' });
    expect((await expectRefusal(ask(), 'idp_unavailable', 503)).retryAfterSeconds).toBe(60);
    issuer.say = () => issuer.about();
    b.clock.skip(20_000);
    expect(cached()).toMatchObject({ subject: 'user-1' });
    expect((await expectRefusal(ask(), 'idp_unavailable', 503)).retryAfterSeconds).toBe(40);
    b.clock.skip(40_000);
    expect(await ask()()).toMatchObject({ subject: 'user-1' });
  });

  it.each(['-1', 'soon', '', '1e9', new Date(0).toUTCString()])(
    'does not confuse us with Retry-After %j',
    async (value) => {
      issuer.say = () => status(503, { 'retry-after': value });
      expect((await expectRefusal(ask(), 'idp_unavailable', 503)).retryAfterSeconds).toBe(1);
    },
  );

  it('may say until when as a date', async () => {
    issuer.say = () => status(503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() });
    expect((await expectRefusal(ask(), 'idp_unavailable', 503)).retryAfterSeconds).toBe(60);
  });

  it('is not ready, and says why', async () => {
    b.authenticator.start();
    await ask()();
    expect(b.authenticator.status()).toEqual([{ issuer: issuer.url, ready: true, keys: false }]);
    issuer.say = () => status(500);
    for (let index = 0; index < 5; index += 1) await expectRefusal(ask(), 'idp_unavailable', 503);
    expect(b.authenticator.status()).toEqual([
      { issuer: issuer.url, ready: false, keys: false, problem: 'answered 500' },
    ]);
    b.clock.skip(1_000);
    expect(b.authenticator.status()).toMatchObject([{ ready: true }]);
  });

  it('is ready although it wants to be left alone: it is there', async () => {
    await ask()();
    issuer.say = () => status(429, { 'retry-after': '30' });
    expect((await expectRefusal(ask(), 'idp_unavailable', 503)).retryAfterSeconds).toBe(30);
    expect((await expectRefusal(ask(), 'idp_unavailable', 503)).retryAfterSeconds).toBe(30);
    expect(b.authenticator.status()).toMatchObject([{ ready: true, problem: 'answered 429' }]);
  });

  it('is not ready when it refuses our credentials for every token, and is asked by one after each pause', async () => {
    await ask()();
    issuer.say = () => status(401);
    for (let index = 0; index < 3; index += 1) await expectRefusal(ask(), 'idp_misconfigured', 503);
    expect(b.authenticator.status()).toMatchObject([{ ready: false, problem: 'answered 401' }]);
    const asked = issuer.questions.length;
    await expectRefusal(ask(), 'idp_misconfigured', 503);
    expect(issuer.questions).toHaveLength(asked);
    b.clock.skip(1_000);
    issuer.say = () => issuer.about();
    expect(await ask()()).toMatchObject({ subject: 'user-1' });
    expect(b.authenticator.status()).toMatchObject([{ ready: true }]);
  });

  it('fails all who wait for it, once, and nothing is left unhandled (C-17)', async () => {
    const cut: Answer = (request) => request.socket.destroy();
    issuer.say = () => cut;
    await Promise.all(
      Array.from({ length: 50 }, () =>
        expectRefusal(() => b.authenticator.authenticate(bearer('same')), 'idp_unavailable', 503),
      ),
    );
    expect(issuer.questions).toHaveLength(1);
  });

  it('is given up after a time, however slowly it answers (C-10, I-11)', async () => {
    const waiting: ServerResponse[] = [];
    const impatient = createBench(
      {
        issuers: [
          {
            issuer: issuer.url,
            algorithms: ['ES256'],
            tokens: 'opaque',
            introspection: { clientId: 'mcp', clientSecret: SECRET },
          },
        ],
      },
      { ...defaultKeyTiming, timeoutMs: 50 },
    );
    issuer.say = () => silence(waiting);
    const refusal = await expectRefusal(ask(impatient), 'idp_unavailable', 503);
    expect(refusal.detail).toMatchObject({ problem: 'no complete answer in time' });
    impatient.authenticator.close();
  });

  it('ends with the server: whoever waits is told so', async () => {
    const waiting: ServerResponse[] = [];
    issuer.say = () => silence(waiting);
    const outcome = expectRefusal(ask(), 'closing', 503);
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    b.authenticator.close();
    await outcome;
    await expectRefusal(ask(), 'closing', 503);
  });

  it('is asked once more when it closed a connection that was kept', async () => {
    const used = new Set<unknown>();
    const once: Answer = (request, response) => {
      if (used.has(request.socket)) request.socket.resetAndDestroy();
      else json(() => issuer.about())(request, response);
      used.add(request.socket);
    };
    issuer.say = () => once;
    for (let round = 0; round < 5; round += 1) expect(await ask()()).toMatchObject({ subject: 'user-1' });
    expect(issuer.questions.length).toBeGreaterThan(5);
    expect(b.log).toEqual([]);
  });
});

describe('a token that the issuer can not cope with', () => {
  it('is not taken for an outage: other tokens are checked (D-03)', async () => {
    const odd: Answer = status(500);
    issuer.say = ({ form }) => (form.get('token')?.startsWith('odd') === true ? odd : issuer.about());
    for (let index = 0; index < 20; index += 1) {
      await expectRefusal(() => b.authenticator.authenticate(bearer(`odd-${index}`)), 'idp_unavailable', 503);
      if (index % 3 === 0) expect(await ask()()).toMatchObject({ subject: 'user-1' });
    }
    // And it does not fill the log.
    expect(b.log.length).toBeLessThan(10);
  });

  it('is taken for one when it is all that there is', async () => {
    issuer.say = () => status(500);
    for (let index = 0; index < 5; index += 1) await expectRefusal(ask(), 'idp_unavailable', 503);
    const asked = issuer.questions.length;
    await expectRefusal(ask(), 'idp_unavailable', 503);
    expect(issuer.questions).toHaveLength(asked);
  });

  const harmless: [what: string, answer: Answer, reason: Reason][] = [
    ...[302, 400, 403, 404, 413, 414, 431].map((code): [string, Answer, Reason] => [
      String(code),
      status(code),
      'idp_misconfigured',
    ]),
    ['more than is read', text(`{"active":true,"x":"${'x'.repeat(300_000)}"}`), 'idp_unavailable'],
    ['a coding', text(good, 'application/json', 200, { 'content-encoding': 'gzip' }), 'idp_unavailable'],
    ['a web page', text('<html></html>', 'text/html'), 'idp_unavailable'],
    ['active as text', json(() => ({ active: 'true' })), 'idp_unavailable'],
  ];

  it.each(harmless)('never stops the others by %s, and the server stays ready', async (_what, answer, reason) => {
    await ask()();
    issuer.say = ({ form }) => (form.get('token')?.startsWith('odd') === true ? answer : issuer.about());
    for (let index = 0; index < 8; index += 1)
      await expectRefusal(() => b.authenticator.authenticate(bearer(`odd-${index}`)), reason, 503);
    expect(b.authenticator.status()).toMatchObject([{ ready: true }]);
    expect(await ask()()).toMatchObject({ subject: 'user-1' });
  });

  const rare: [what: string, answer: Answer][] = [
    ['a 401', status(401)],
    ['a cut connection', (request) => request.socket.destroy()],
    ['a 503', status(503)],
  ];

  it.each(rare)('does not stop the others by %s', async (_what, answer) => {
    await ask()();
    issuer.say = ({ form }) => (form.get('token') === 'odd' ? answer : issuer.about());
    for (let index = 0; index < 4; index += 1)
      await Promise.resolve(b.authenticator.authenticate(bearer('odd'))).catch(() => undefined);
    expect(b.authenticator.status()).toMatchObject([{ ready: true }]);
    expect(await ask()()).toMatchObject({ subject: 'user-1' });
  });

  it('does not fill the log by different answers in turn', async () => {
    let code = 402;
    issuer.say = () => status(code);
    for (let index = 0; index < 40; index += 1) {
      code = 402 + (index % 2);
      await expectRefusal(ask(), 'idp_misconfigured', 503);
    }
    expect(b.log).toHaveLength(2);
  });

  it('never stops the others by a 400 (RFC 7662 §2.3)', async () => {
    issuer.say = ({ form }) => (form.get('token') === 'odd' ? status(400) : issuer.about());
    for (let index = 0; index < 3; index += 1)
      await expectRefusal(() => b.authenticator.authenticate(bearer('odd')), 'idp_misconfigured', 503);
    expect(await ask()()).toMatchObject({ subject: 'user-1' });
  });
});
