import { createMemoryRevocationList, type MemoryRevocationList, type Revocation } from '@sallyport/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALGORITHMS, bearer, claimsFor, createBench, headerFor, mint, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { startTestIssuer, status, type TestIssuer } from '../support/test-issuer.ts';

const key = createSigningKey('ES256', 'key-1');
const event = 'http://schemas.openid.net/event/backchannel-logout';

let issuer: TestIssuer;
let b: Bench;
let list: MemoryRevocationList;
beforeAll(async () => {
  issuer = await startTestIssuer([key.jwk]);
});
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.answers.clear();
  // Its time begins where that of the bench does, and is only asked whether an entry has ended.
  list = createMemoryRevocationList({ clock: new FakeClock() });
  b = bench();
});
afterEach(() => b.authenticator.close());

function bench(changes: Partial<Parameters<typeof createBench>[0]> = {}): Bench {
  const backChannelLogout = { audience: ['client-1'] };
  return createBench({
    issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS, backChannelLogout }],
    revocations: list,
    ...changes,
  });
}

function token(changes: Record<string, unknown> = {}): string {
  return mint(key, claimsFor(issuer, b.clock, { sid: 'session-1', ...changes }));
}

function authenticate(text: string): unknown {
  return b.authenticator.authenticate(bearer(text));
}

const hour = 3_600_000;

describe('a token that was verified and cached (B-85)', () => {
  it.each<[string, (issuer: string) => Revocation]>([
    ['its id', (of) => ({ kind: 'token', issuer: of, tokenId: 'jti-1' })],
    ['its session', (of) => ({ kind: 'session', issuer: of, sessionId: 'session-1' })],
    ['its subject', (of) => ({ kind: 'subject', issuer: of, subject: 'user-1', issuedUpTo: Number.MAX_SAFE_INTEGER })],
  ])(
    'is refused at its next use when it was revoked by %s, and accepted again when that has ended',
    async (_name, entry) => {
      const text = token();
      await authenticate(text);
      expect(authenticate(text)).not.toBeInstanceOf(Promise);
      list.revoke(entry(issuer.url), b.clock.now() + hour);
      await expectRefusal(() => authenticate(text), 'revoked', 401);
      await expectRefusal(() => authenticate(token({ jti: 'jti-1' })), 'revoked', 401);
    },
  );

  it('is still answered at once when others are revoked', async () => {
    const text = token();
    await authenticate(text);
    list.revoke({ kind: 'token', issuer: issuer.url, tokenId: 'other' }, b.clock.now() + hour);
    list.revoke({ kind: 'token', issuer: 'https://other.example', tokenId: 'jti-1' }, b.clock.now() + hour);
    expect(authenticate(text)).toMatchObject({ subject: 'user-1', sessionId: 'session-1' });
  });

  it('is held to a subject that was revoked by the time it was issued', async () => {
    const [before, after] = [
      token({ jti: 'a', iat: b.clock.nowSeconds - 10 }),
      token({ jti: 'b', iat: b.clock.nowSeconds }),
    ];
    const issuedUpTo = b.clock.nowSeconds - 5;
    list.revoke({ kind: 'subject', issuer: issuer.url, subject: 'user-1', issuedUpTo }, b.clock.now() + hour);
    await expectRefusal(() => authenticate(before), 'revoked', 401);
    await expect(authenticate(after)).resolves.toMatchObject({ tokenId: 'b' });
  });
});

describe('an issuer whose tokens live longer than revocations are kept', () => {
  it('is told of once in the log', async () => {
    b.authenticator.close();
    b = bench({ revocationLifetimeSeconds: 600 });
    await authenticate(token({ jti: 'a', exp: b.clock.nowSeconds + 600 }));
    expect(b.log).toEqual([]);
    for (const jti of ['b', 'c']) await authenticate(token({ jti, exp: b.clock.nowSeconds + 601 }));
    expect(b.log.map(({ fields }) => fields)).toEqual([
      { event: 'sallyport.issuer.tokens_long_lived', issuer: issuer.url },
    ]);
  });
});

describe('a logout token', () => {
  function logoutToken(changes: Record<string, unknown> = {}): string {
    const {
      scope: _,
      client_id: __,
      ...claims
    } = claimsFor(issuer, b.clock, { aud: 'client-1', events: { [event]: {} }, ...changes });
    return mint(key, claims, headerFor(key, { typ: 'logout+jwt' }));
  }

  it('is verified with the keys of the issuer, which are fetched for it if need be, and revokes nothing by itself', async () => {
    const before = issuer.count('/jwks');
    await expect(b.authenticator.verifyLogout(logoutToken())).resolves.toMatchObject({
      issuer: issuer.url,
      subject: 'user-1',
    });
    expect(issuer.count('/jwks')).toBe(before + 1);
    await expect(authenticate(token())).resolves.toBeDefined();
    expect(issuer.count('/jwks')).toBe(before + 1);
  });

  it('holds once', async () => {
    const text = logoutToken({ jti: 'once' });
    await b.authenticator.verifyLogout(text);
    await expectRefusal(() => b.authenticator.verifyLogout(text), 'logout_invalid', 400);
  });

  it('can not be checked while the issuer is down', async () => {
    issuer.answers.set('*', status(500));
    await expectRefusal(() => b.authenticator.verifyLogout(logoutToken()), 'idp_unavailable', 503);
  });

  it('is refused where the issuer is not configured for it', async () => {
    b.authenticator.close();
    b = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }] });
    const refusal = await expectRefusal(() => b.authenticator.verifyLogout(logoutToken()), 'logout_invalid', 400);
    expect(refusal.detail).toMatchObject({ reason: 'iss_unknown' });
  });

  it('is no access token, and an access token is no logout token', async () => {
    await expectRefusal(() => authenticate(logoutToken()), 'typ_mismatch', 401);
    await expectRefusal(() => b.authenticator.verifyLogout(token({ aud: 'client-1' })), 'logout_invalid', 400);
  });
});
