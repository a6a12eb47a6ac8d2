import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, createBench, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import {
  opaqueBench,
  SECRET,
  startIntrospectionIssuer,
  type IntrospectionIssuer,
} from '../support/introspection-issuer.ts';
import { selfSignedCertificate, selfSignedKey } from '../support/self-signed.ts';
import { json, status } from '../support/test-issuer.ts';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const METADATA = '/.well-known/oauth-authorization-server';

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
function ask(on: Bench = b): unknown {
  serial += 1;
  return on.authenticator.authenticate(bearer(`t-${serial}`));
}

function publish(changes: object): void {
  issuer.answers.set(
    METADATA,
    json(() => ({ issuer: issuer.url, introspection_endpoint: `${issuer.url}/introspect`, ...changes })),
  );
}

/** Lets the event loop turn until something is so. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the introspection endpoint', () => {
  it('comes from the metadata of the issuer, looked up once (RFC 8414 §2)', async () => {
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(issuer.count(METADATA)).toBe(1);
  });

  it('comes from the configuration where it says so, and nobody is asked', async () => {
    const configured = opaqueBench(issuer, {
      introspection: { clientId: 'mcp', clientSecret: SECRET, endpoint: `${issuer.url}/introspect` },
    });
    await ask(configured);
    expect(issuer.requests).toEqual(['/introspect']);
    configured.authenticator.close();
  });

  // @verifies TOKEN-7662-ENDPOINT
  it.each([
    ['of another issuer (C-19)', { issuer: 'https://other.example' }],
    ['without an endpoint', { introspection_endpoint: undefined }],
    ['with http to somewhere else (D-27)', { introspection_endpoint: 'http://login.example.com/introspect' }],
    ['with the metadata of the cloud (D-27)', { introspection_endpoint: 'http://169.254.169.254/introspect' }],
    ['with another domain (C-21, D-27)', { introspection_endpoint: 'https://elsewhere.example/introspect' }],
    ['with credentials in the URL', { introspection_endpoint: 'https://a:b@127.0.0.1/introspect' }],
  ])('is not taken from metadata %s', async (_what, changes) => {
    publish(changes);
    const refusal = await expectRefusal(() => ask(), 'idp_unavailable', 503);
    expect(refusal.retryAfterSeconds).toBe(1);
    expect(issuer.questions).toEqual([]);
    expect(b.log).toMatchObject([{ level: 'warn' }, { level: 'warn' }]);
  });

  it('is found by a timer when the issuer was down at start (C-18)', async () => {
    issuer.answers.set(METADATA, status(500));
    b.authenticator.start();
    b.authenticator.start();
    await until(() => b.log.length > 0);
    expect(b.authenticator.status()).toMatchObject([
      { ready: false, problem: expect.stringContaining('no usable metadata') as string },
    ]);
    publish({});
    b.clock.advance(1_000);
    await until(() => b.authenticator.status()[0]?.ready === true);
    expect(b.log).toHaveLength(1);
  });

  it('is looked up by one request at a time, and not again at once when that failed (C-05)', async () => {
    issuer.answers.set(METADATA, status(500));
    await Promise.all(Array.from({ length: 20 }, () => expectRefusal(() => ask(), 'idp_unavailable', 503)));
    expect(issuer.count(METADATA)).toBe(1);
    for (let index = 0; index < 20; index += 1) await expectRefusal(() => ask(), 'idp_unavailable', 503);
    expect(issuer.count(METADATA)).toBe(1);
  });

  it('is looked up again after hours, and when it stopped answering; meanwhile the old one is used (C-25)', async () => {
    const good = (): unknown => issuer.about({ iat: b.clock.nowSeconds, exp: b.clock.nowSeconds + 300 });
    issuer.say = good;
    await ask();
    b.clock.skip(12 * 3_600_000);
    await ask();
    await until(() => issuer.count(METADATA) === 2);

    issuer.say = () => status(503);
    await expectRefusal(() => ask(), 'idp_unavailable', 503);
    b.clock.skip(60_000);
    issuer.say = good;
    await ask();
    await until(() => issuer.count(METADATA) === 3);
    issuer.answers.set(METADATA, status(500));
    b.clock.skip(12 * 3_600_000);
    expect(await ask()).toMatchObject({ subject: 'user-1' });
  });

  // @verifies TOKEN-7662-ENDPOINT
  it('is never a private address unless that is allowed, whatever name it has', async () => {
    const secure = createServer({ key: selfSignedKey, cert: selfSignedCertificate }, (_request, response) =>
      response.end(),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(secure.address() as AddressInfo).port}`;
    const problems: unknown[] = [];
    for (const [dangerous, allowPrivateAddresses] of [
      [false, false],
      [false, true],
      [true, false],
    ] as const) {
      const strict = createBench({
        dangerouslyAllowInsecureIssuers: dangerous,
        issuers: [
          {
            issuer: url,
            algorithms: ['ES256'],
            tokens: 'opaque',
            allowPrivateAddresses,
            introspection: { clientId: 'mcp', clientSecret: SECRET, endpoint: `${url}/introspect` },
          },
        ],
      });
      problems.push((await expectRefusal(() => ask(strict), 'idp_unavailable', 503)).detail);
      strict.authenticator.close();
    }
    secure.close();
    // Where the address is allowed, TLS is still verified.
    expect(problems).toMatchObject([
      { problem: 'localhost resolves to addresses that are not allowed' },
      { problem: 'the request failed: DEPTH_ZERO_SELF_SIGNED_CERT' },
      { problem: 'the request failed: DEPTH_ZERO_SELF_SIGNED_CERT' },
    ]);
  });
});
