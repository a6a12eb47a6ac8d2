import type { ServerResponse } from 'node:http';
import type { Refusal } from '@sallyport/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import {
  opaqueBench,
  SECRET,
  silence,
  startIntrospectionIssuer,
  type IntrospectionIssuer,
} from '../support/introspection-issuer.ts';
import { json } from '../support/test-issuer.ts';

let issuer: IntrospectionIssuer;
const benches: Bench[] = [];
beforeAll(async () => {
  issuer = await startIntrospectionIssuer();
});
afterEach(() => {
  for (const { authenticator } of benches.splice(0)) authenticator.close();
  issuer.say = () => issuer.about();
  issuer.questions.length = 0;
});
afterAll(() => issuer.close());

function bench(cacheSeconds?: number): Bench {
  const made = opaqueBench(issuer, {
    introspection: { clientId: 'mcp', clientSecret: SECRET, ...(cacheSeconds !== undefined && { cacheSeconds }) },
  });
  benches.push(made);
  return made;
}

/** Lets the event loop turn until something is so. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('an answer about a token', () => {
  it('is asked for once for the same token, and given at once after that (D-13)', async () => {
    const b = bench();
    const first = await b.authenticator.authenticate(bearer('t'));
    expect(b.authenticator.authenticate(bearer('t'))).toBe(first);
    expect(issuer.questions).toHaveLength(1);
  });

  it('is asked for again after cacheSeconds, by the clock that never jumps (D-15)', async () => {
    const b = bench(10);
    await b.authenticator.authenticate(bearer('t'));
    b.clock.skip(9_999);
    b.clock.jump(-3_600_000);
    expect(b.authenticator.authenticate(bearer('t'))).not.toBeInstanceOf(Promise);
    b.clock.jump(3_600_000);
    b.clock.skip(1);
    await b.authenticator.authenticate(bearer('t'));
    expect(issuer.questions).toHaveLength(2);
  });

  it('no longer holds than cacheSeconds after the token was revoked (D-15)', async () => {
    const b = bench(10);
    await b.authenticator.authenticate(bearer('t'));
    issuer.say = () => ({ active: false });
    b.clock.skip(9_999);
    expect(b.authenticator.authenticate(bearer('t'))).toMatchObject({ subject: 'user-1' });
    b.clock.skip(1);
    await expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'inactive', 401);
    await expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'inactive', 401);
  });

  it('counts from the moment of the question, not of the answer', async () => {
    const b = bench(10);
    issuer.say = () => {
      b.clock.skip(4_000);
      return issuer.about();
    };
    await b.authenticator.authenticate(bearer('t'));
    b.clock.skip(6_000);
    await b.authenticator.authenticate(bearer('t'));
    expect(issuer.questions).toHaveLength(2);
  });

  it('is never reused with cacheSeconds 0 (D-15)', async () => {
    const b = bench(0);
    await b.authenticator.authenticate(bearer('t'));
    await b.authenticator.authenticate(bearer('t'));
    expect(issuer.questions).toHaveLength(2);
  });

  it('with cacheSeconds 0 serves only the request it was asked for, be it still under way (D-15)', async () => {
    const b = bench(0);
    const waiting: ServerResponse[] = [];
    issuer.say = () => silence(waiting);
    const first = b.authenticator.authenticate(bearer('t'));
    await until(() => waiting.length === 1);
    issuer.say = () => ({ active: false });
    await expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'inactive', 401);
    const [response] = waiting as [ServerResponse];
    json(() => issuer.about())(response.req, response);
    expect(await first).toMatchObject({ subject: 'user-1' });
    expect(issuer.questions).toHaveLength(2);
  });

  it('without an end is no end: the issuer is asked about the token again, however long it was idle', async () => {
    const b = bench();
    issuer.say = () => issuer.about({ exp: undefined });
    await b.authenticator.authenticate(bearer('t'));
    b.clock.skip(400_000);
    expect(await b.authenticator.authenticate(bearer('t'))).toMatchObject({ expiresAt: b.clock.nowSeconds + 300 });
    expect(issuer.questions).toHaveLength(2);
  });

  it('gives way to the issuer who made the token last longer since', async () => {
    const b = bench(3_600);
    await b.authenticator.authenticate(bearer('t'));
    b.clock.skip(400_000);
    const exp = b.clock.nowSeconds + 300;
    issuer.say = () => issuer.about({ exp });
    expect(await b.authenticator.authenticate(bearer('t'))).toMatchObject({ expiresAt: exp });
    expect(issuer.questions).toHaveLength(2);
  });

  // @verifies TOKEN-7662-CACHE
  it('ends with the token, however long answers are reused (D-14)', async () => {
    const b = bench(60);
    const exp = b.clock.nowSeconds + 10;
    issuer.say = () => issuer.about({ exp });
    await b.authenticator.authenticate(bearer('t'));
    b.clock.skip(39_999);
    expect(b.authenticator.authenticate(bearer('t'))).toMatchObject({ subject: 'user-1' });
    b.clock.skip(1);
    await expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'expired', 401);
    await expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'expired', 401);
  });

  it('serves all who bring the same token while it is under way (D-18)', async () => {
    const b = bench();
    const waiting: ServerResponse[] = [];
    issuer.say = () => silence(waiting);
    const all = Array.from({ length: 50 }, async () => b.authenticator.authenticate(bearer('t')));
    await until(() => waiting.length > 0);
    const [response] = waiting as [ServerResponse];
    json(() => issuer.about())(response.req, response);
    const principals = await Promise.all(all);
    expect(new Set(principals).size).toBe(1);
    expect(issuer.questions).toHaveLength(1);
  });

  it('still reaches the others when one of them no longer wants it (D-19)', async () => {
    const b = bench();
    const gone = Promise.resolve(b.authenticator.authenticate(bearer('t')));
    const stays = b.authenticator.authenticate(bearer('t'));
    // Whoever went away does not look at the outcome any more.
    await Promise.race([gone, Promise.resolve()]);
    expect(await stays).toMatchObject({ subject: 'user-1' });
    expect(issuer.questions).toHaveLength(1);
  });

  it('is a refusal for all of them when the token is not active (C-17)', async () => {
    const b = bench();
    issuer.say = () => ({ active: false });
    await Promise.all(
      Array.from({ length: 50 }, () => expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'inactive', 401)),
    );
    expect(issuer.questions).toHaveLength(1);
  });

  it('about a bad token is not remembered: it evicts no good one (D-17, I-03)', async () => {
    const b = bench();
    const good = await b.authenticator.authenticate(bearer('good'));
    issuer.say = () => ({ active: false });
    for (let index = 0; index < 200; index += 1)
      await expectRefusal(() => b.authenticator.authenticate(bearer(`bad-${index}`)), 'inactive', 401);
    expect(b.authenticator.authenticate(bearer('good'))).toBe(good);
    expect(issuer.questions).toHaveLength(201);
  });
});

describe('an inactive token', () => {
  it.each([
    [undefined, 10_000],
    [60, 10_000],
    [3, 3_000],
  ])('is not asked about again for ten seconds or cacheSeconds (%s)', async (cacheSeconds, ms) => {
    const b = bench(cacheSeconds);
    issuer.say = () => ({ active: false });
    const ask = (): unknown => b.authenticator.authenticate(bearer('t'));
    await expectRefusal(ask, 'inactive', 401);
    b.clock.skip(ms - 1);
    await expectRefusal(ask, 'inactive', 401);
    expect(issuer.questions).toHaveLength(1);
    b.clock.skip(1);
    issuer.say = () => issuer.about();
    expect(await ask()).toMatchObject({ subject: 'user-1' });
  });

  it('is asked about every time with cacheSeconds 0', async () => {
    const b = bench(0);
    issuer.say = () => ({ active: false });
    for (let index = 0; index < 3; index += 1)
      await expectRefusal(() => b.authenticator.authenticate(bearer('t')), 'inactive', 401);
    expect(issuer.questions).toHaveLength(3);
  });
});

describe('many tokens at once', () => {
  it('do not keep out tokens that were active before: these go first', async () => {
    const b = bench(1);
    await b.authenticator.authenticate(bearer('good'));
    b.clock.skip(1_000);
    const waiting: ServerResponse[] = [];
    issuer.say = ({ form }) => (form.get('token') === 'good' ? issuer.about() : silence(waiting));
    const random = Array.from({ length: 320 }, (_, index) =>
      Promise.resolve(b.authenticator.authenticate(bearer(`r-${index}`))).catch(() => 'refused'),
    );
    await until(() => waiting.length === 32);
    const good = b.authenticator.authenticate(bearer('good'));
    const [response] = waiting as [ServerResponse];
    json(() => ({ active: false }))(response.req, response);
    expect(await good).toMatchObject({ subject: 'user-1' });
    b.authenticator.close();
    await Promise.all(random);
  });

  // @verifies TOKEN-7662-BOUNDED
  it('are 32 questions at most; the next ones wait, and too many are told to come back (D-17, I-11)', async () => {
    const b = bench();
    const waiting: ServerResponse[] = [];
    issuer.say = () => silence(waiting);
    const all = Array.from({ length: 32 + 256 + 20 }, (_, index) =>
      Promise.resolve(b.authenticator.authenticate(bearer(`t-${index}`))).then(
        () => 'accepted',
        (error: unknown) => {
          const { reason, status, retryAfterSeconds } = error as Refusal;
          return [reason, status, retryAfterSeconds];
        },
      ),
    );
    await until(() => waiting.length === 32);
    expect(await Promise.all(all.slice(288))).toEqual(Array.from({ length: 20 }, () => ['idp_unavailable', 503, 1]));
    expect(issuer.questions).toHaveLength(32);
    issuer.say = () => issuer.about();
    for (const response of waiting) json(() => issuer.about())(response.req, response);
    expect(new Set(await Promise.all(all.slice(0, 288)))).toEqual(new Set(['accepted']));
    expect(issuer.questions).toHaveLength(288);
  });
});
