import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryReplaySet, Refusal, type ReplaySet } from '@sallyport/core';
import { selectKey, readKeySet } from '../../src/keys/key-set.ts';
import { revocationsOf, type Logout } from '../../src/logout/logout.ts';
import { createUsedLogouts, type UsedLogouts } from '../../src/logout/used-logouts.ts';
import { verifyLogoutToken, type LogoutIssuer } from '../../src/logout/verify-logout-token.ts';
import { refuse } from '../../src/refuse.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { createSigningKey, signRaw, type SigningKey } from '../support/signing-key.ts';

const iss = 'https://as.example';
const event = 'http://schemas.openid.net/event/backchannel-logout';
const key = createSigningKey('ES256', 'key-1');
const rsa = createSigningKey('RS256', 'key-2');
const stranger = createSigningKey('ES256', 'key-1');

let clock: FakeClock;
let used: UsedLogouts;
let jti = 0;

beforeEach(() => {
  clock = new FakeClock();
  used = createUsedLogouts(createMemoryReplaySet({ maxEntries: 1_000, clock }), clock);
});

function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  jti += 1;
  const iat = clock.nowSeconds - 1;
  const who = { sub: 'alice', sid: 'session-1' };
  return { iss, aud: 'client-1', ...who, iat, exp: iat + 120, jti: `jti-${jti}`, events: { [event]: {} }, ...changes };
}

function mint(
  changes: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  by: SigningKey = key,
): string {
  return signRaw({ alg: by.algorithm, kid: by.kid, typ: 'logout+jwt', ...header }, claims(changes), by);
}

const keys = readKeySet([key.jwk, rsa.jwk] as never);

function issuer(changes: Partial<LogoutIssuer> = {}): LogoutIssuer {
  return {
    audience: new Set(['client-1', 'client-2']),
    requireType: false,
    algorithms: new Set(['ES256']),
    async findKey(kid, algorithm) {
      const found = selectKey(keys, kid, algorithm);
      if (found === undefined) throw refuse('key_not_found', 'no key');
      return found;
    },
    ...changes,
  };
}

function verify(
  token: string,
  of: LogoutIssuer = issuer(),
  by: UsedLogouts = used,
  carryOut?: (logout: Logout) => Promise<void>,
): Promise<Logout> {
  return verifyLogoutToken(token, { issuers: new Map([[iss, of]]), clockSkewSeconds: 30, clock, used: by }, carryOut);
}

describe('a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6)', () => {
  it('says whose session ends', async () => {
    const issuedAt = clock.nowSeconds - 1;
    expect(await verify(mint())).toEqual({ issuer: iss, subject: 'alice', sessionId: 'session-1', issuedAt });
    expect(await verify(mint({ sid: undefined }))).toMatchObject({ subject: 'alice', sessionId: null });
    expect(await verify(mint({ sub: undefined }))).toMatchObject({ subject: null, sessionId: 'session-1' });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['a list of audiences that is only us', { aud: ['client-1'] }],
    ['both of our client ids', { aud: ['client-1', 'client-2'] }],
    ['its type with the prefix of media types', {}, { typ: 'application/logout+jwt' }],
    ['no type, where it is not required', {}, { typ: undefined }],
    ['the plain type JWT, where it is not required', {}, { typ: 'JWT' }],
    ['other claims that nobody knows', { x: 1 }],
    ['members in the event', { events: { [event]: { a: 1 }, 'urn:other': {} } }],
  ])('may have %s', async (_name, changes, header) => {
    await expect(verify(mint(changes, header))).resolves.toMatchObject({ subject: 'alice' });
  });

  it.each<[string, string, Record<string, unknown>, Record<string, unknown>?]>([
    ['an issuer that is not configured for it', 'iss_unknown', { iss: 'https://other.example' }],
    ['an issuer with a slash more', 'iss_unknown', { iss: `${iss}/` }],
    ['no issuer', 'iss_unknown', { iss: undefined }],
    ['another audience', 'aud_mismatch', { aud: 'https://mcp.example.com/mcp' }],
    ['another audience besides us', 'aud_mismatch', { aud: ['client-1', 'client-9'] }],
    ['no audience', 'aud_mismatch', { aud: undefined }],
    ['an empty list of audiences', 'aud_mismatch', { aud: [] }],
    ['no exp', 'exp_missing', { exp: undefined }],
    ['an exp that has passed', 'expired', { iat: 1_789_999_900, exp: 1_789_999_970 }],
    ['no iat', 'malformed_token', { iat: undefined }],
    ['an iat in the future', 'not_yet_valid', { iat: 1_790_000_031, exp: 1_790_000_100 }],
    ['an iat more than ten minutes ago', 'expired', { iat: 1_790_000_000 - 631, exp: 1_790_000_100 }],
    ['no jti', 'malformed_token', { jti: undefined }],
    ['a jti that is a number', 'malformed_token', { jti: 7 }],
    ['neither sub nor sid', 'malformed_token', { sub: undefined, sid: undefined }],
    ['a sub that is empty', 'malformed_token', { sub: '' }],
    ['a sid that is a number', 'malformed_token', { sid: 7 }],
    ['a nonce', 'token_type_confusion', { nonce: 'n' }],
    ['an ID token as its type', 'typ_mismatch', {}, { typ: 'id+jwt' }],
    ['an access token as its type', 'typ_mismatch', {}, { typ: 'at+jwt' }],
    ['a type that is a number', 'typ_mismatch', {}, { typ: 7 }],
    ['the algorithm none', 'alg_not_allowed', {}, { alg: 'none' }],
    ['an algorithm with a shared secret', 'alg_not_allowed', {}, { alg: 'HS256' }],
    ['a key nobody knows', 'key_not_found', {}, { kid: 'key-9' }],
    ['a critical extension', 'malformed_token', {}, { crit: ['b64'], b64: false }],
  ])('is refused with %s', async (_name, reason, changes, header) => {
    const refusal = await expectRefusal(() => verify(mint(changes, header)), 'logout_invalid', 400);
    expect(refusal.detail).toMatchObject({ reason });
  });

  it.each<[string, unknown]>([
    ['no events', undefined],
    ['events as a list', [event]],
    ['events as text', event],
    ['another event', { 'http://schemas.openid.net/event/frontchannel-logout': {} }],
    ['an event that is no object', { [event]: true }],
    ['an event that is a list', { [event]: [] }],
  ])('is refused with %s', async (_name, events) => {
    const refusal = await expectRefusal(() => verify(mint({ events })), 'logout_invalid', 400);
    expect(refusal.detail).toEqual({ problem: 'events does not have the logout event' });
  });

  it('is refused when its signature is by somebody else, or by a key for an algorithm that is not allowed', async () => {
    const forged = await expectRefusal(() => verify(mint({}, {}, stranger)), 'logout_invalid', 400);
    expect(forged.detail).toMatchObject({ reason: 'bad_signature' });
    const other = await expectRefusal(() => verify(mint({}, {}, rsa)), 'logout_invalid', 400);
    expect(other.detail).toMatchObject({ reason: 'alg_not_allowed' });
  });

  it.each(['', 'a.b', 'a.b.c.d.e', '..', 'x'.repeat(16_000)])(
    'is refused when it is no signed JWT: %.20s',
    async (text) => {
      await expectRefusal(() => verify(text), 'logout_invalid', 400);
    },
  );

  it('must say what it is where that is required', async () => {
    const strict = issuer({ requireType: true });
    await expect(verify(mint(), strict)).resolves.toBeDefined();
    await expectRefusal(() => verify(mint({}, { typ: undefined }), strict), 'logout_invalid', 400);
    await expectRefusal(() => verify(mint({}, { typ: 'JWT' }), strict), 'logout_invalid', 400);
  });

  it('holds once', async () => {
    const token = mint();
    await verify(token);
    const refusal = await expectRefusal(() => verify(token), 'logout_invalid', 400);
    expect(refusal.detail).toEqual({ problem: 'the token was used before' });
  });

  it('holds once also when it is sent twice at the same time, and in another encoding of its signature', async () => {
    const token = mint({ jti: 'same' });
    const outcomes = await Promise.allSettled([verify(token), verify(token), verify(mint({ jti: 'same' }))]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('may be sent again when it could not be carried out, and then holds once', async () => {
    const token = mint();
    const outcomes = [new Error('down'), undefined];
    const carriedOut: Logout[] = [];
    const carryOut = async (logout: Logout): Promise<void> => {
      carriedOut.push(logout);
      const failure = outcomes.shift();
      if (failure !== undefined) throw failure;
    };
    await expect(verify(token, issuer(), used, carryOut)).rejects.toThrow('down');
    await expect(verify(token, issuer(), used, carryOut)).resolves.toMatchObject({ subject: 'alice' });
    await expectRefusal(() => verify(token, issuer(), used, carryOut), 'logout_invalid', 400);
    expect(carriedOut).toHaveLength(2);
  });

  it('may be sent again when it was carried out and that could not be remembered', async () => {
    const token = mint();
    let down = true;
    const memory = createMemoryReplaySet({ maxEntries: 10, clock });
    const add = (entry: string, ttlMs: number): boolean => {
      if (down) throw new Error('down');
      return memory.add(entry, ttlMs);
    };
    const flaky = createUsedLogouts({ add }, clock);
    await expectRefusal(() => verify(token, issuer(), flaky), 'store_down', 503);
    down = false;
    await expect(verify(token, issuer(), flaky)).resolves.toBeDefined();
  });

  it('holds once in all processes that share their replays', async () => {
    const token = mint();
    const shared = createMemoryReplaySet({ maxEntries: 10, clock });
    await verify(token, issuer(), createUsedLogouts(shared, clock));
    await expectRefusal(() => verify(token, issuer(), createUsedLogouts(shared, clock)), 'logout_invalid', 400);
  });

  it('is remembered for as long as it could be sent again', async () => {
    const token = mint({ exp: clock.nowSeconds + 3_600 });
    await verify(token);
    clock.advance(628_000);
    await expectRefusal(() => verify(token), 'logout_invalid', 400);
    clock.advance(3_000);
    const refusal = await expectRefusal(() => verify(token), 'logout_invalid', 400);
    expect(refusal.detail).toMatchObject({ reason: 'expired' });
  });

  it('is not used up by a request that was refused for another reason', async () => {
    await expectRefusal(() => verify(mint({ jti: 'late', nonce: 'n' })), 'logout_invalid', 400);
    await expect(verify(mint({ jti: 'late' }))).resolves.toBeDefined();
  });

  it('can not be checked when keys or replays can not be had', async () => {
    const down = issuer({ findKey: () => Promise.reject(new Refusal('idp_unavailable', { retryAfterSeconds: 5 })) });
    await expectRefusal(() => verify(mint(), down), 'idp_unavailable', 503);
    const full: ReplaySet = { add: () => Promise.reject(new Error('full')) };
    await expectRefusal(() => verify(mint(), issuer(), createUsedLogouts(full, clock)), 'store_down', 503);
  });

  it('throws nothing but a refusal, and no change of a good one is accepted', async () => {
    const token = mint();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom('A', 'b', '-', '_', '.', '='),
        async (at, char) => {
          fc.pre(token[at] !== char);
          const changed = token.slice(0, at) + char + token.slice(at + 1);
          await expect(verify(changed)).rejects.toBeInstanceOf(Refusal);
        },
      ),
    );
  });
});

describe('what a logout revokes (Back-Channel Logout §2.4, §2.7)', () => {
  const logout: Logout = { issuer: iss, subject: 'alice', sessionId: 'session-1', issuedAt: 5 };
  const subject = { kind: 'subject', issuer: iss, subject: 'alice', issuedUpTo: 5 };
  const session = { kind: 'session', issuer: iss, sessionId: 'session-1' };

  it('is the session, and the tokens of the user that do not say which session they are of', () => {
    expect(revocationsOf(logout)).toEqual([session, { ...subject, sessionlessOnly: true }]);
  });

  it('is the session alone when the user is not named', () => {
    expect(revocationsOf({ ...logout, subject: null })).toEqual([session]);
  });

  it('is everything the user got until then when no session is named', () => {
    expect(revocationsOf({ ...logout, sessionId: null })).toEqual([subject]);
  });
});
