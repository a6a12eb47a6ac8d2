import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, ALGORITHMS, claimsFor, createBench, mint, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const key = createSigningKey('ES256', 'k');

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startTestIssuer([key.jwk]);
});
afterAll(() => issuer.close());

function bench(maxEntries = 100): Bench {
  return createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }], cache: { maxEntries } });
}

function token(b: Bench, changes: Record<string, unknown> = {}): string {
  return mint(key, claimsFor(issuer, b.clock, changes));
}

describe('a token that was verified before', () => {
  it('gives the same principal at once', async () => {
    const b = bench();
    const again = token(b);
    const first = await b.authenticator.authenticate(bearer(again));
    expect(b.authenticator.authenticate(bearer(again))).toBe(first);
  });

  it('is told of as a hit, at first as a miss, and as stale when it does not hold any more', async () => {
    const b = bench();
    const again = token(b, { exp: b.clock.nowSeconds + 10 });
    await b.authenticator.authenticate(bearer(again));
    await b.authenticator.authenticate(bearer(again));
    b.clock.skip(40_000);
    await expectRefusal(() => b.authenticator.authenticate(bearer(again)), 'expired', 401);
    expect(b.lookups).toEqual(['miss', 'hit', 'stale']);
  });

  // @verifies TOKEN-CACHE-EXPIRY
  it('is refused from the moment of exp plus skew (B-83)', async () => {
    const b = bench();
    const again = token(b, { exp: b.clock.nowSeconds + 10 });
    await b.authenticator.authenticate(bearer(again));
    b.clock.skip(39_999);
    expect(b.authenticator.authenticate(bearer(again))).toMatchObject({ subject: 'user-1' });
    b.clock.skip(1);
    await expectRefusal(() => b.authenticator.authenticate(bearer(again)), 'expired', 401);
    await expectRefusal(() => b.authenticator.authenticate(bearer(again)), 'expired', 401);
  });

  it('is verified anew when the cache no longer has it', async () => {
    const b = bench(1);
    const [first, second] = [token(b, { sub: 'a' }), token(b, { sub: 'b' })];
    await b.authenticator.authenticate(bearer(first));
    await b.authenticator.authenticate(bearer(second));
    expect(b.authenticator.authenticate(bearer(first))).toBeInstanceOf(Promise);
    expect(await bench(0).authenticator.authenticate(bearer(first))).toMatchObject({ subject: 'a' });
  });
});

describe('a token that comes many times at once', () => {
  it('is verified once, and all get the same principal', async () => {
    const b = bench();
    const again = token(b);
    const principals = await Promise.all(
      Array.from({ length: 50 }, async () => b.authenticator.authenticate(bearer(again))),
    );
    expect(new Set(principals).size).toBe(1);
    expect(b.lookups).toEqual(['miss', ...Array.from({ length: 49 }, () => 'joined')]);
  });

  it('is refused for all of them, and is forgotten then', async () => {
    const b = bench();
    const early = token(b, { nbf: b.clock.nowSeconds + 60 });
    await Promise.all(
      Array.from({ length: 50 }, () =>
        expectRefusal(() => b.authenticator.authenticate(bearer(early)), 'not_yet_valid', 401),
      ),
    );
    b.clock.skip(60_000);
    expect(await b.authenticator.authenticate(bearer(early))).toMatchObject({ subject: 'user-1' });
  });
});

describe('a token that was refused', () => {
  // @verifies TOKEN-CACHE-BOUNDED
  it('is not remembered (I-03)', async () => {
    const b = bench(1);
    const good = token(b);
    await b.authenticator.authenticate(bearer(good));
    for (let index = 0; index < 50; index += 1) {
      await expectRefusal(
        () => b.authenticator.authenticate(bearer(token(b, { aud: `https://other/${index}` }))),
        'aud_mismatch',
        401,
      );
    }
    expect(b.authenticator.authenticate(bearer(good))).not.toBeInstanceOf(Promise);
  });

  it('is accepted later when only its time had not come', async () => {
    const b = bench();
    const early = token(b, { nbf: b.clock.nowSeconds + 60 });
    await expectRefusal(() => b.authenticator.authenticate(bearer(early)), 'not_yet_valid', 401);
    b.clock.skip(60_000);
    expect(await b.authenticator.authenticate(bearer(early))).toMatchObject({ subject: 'user-1' });
  });
});
