import { startDevIdp, type DevIdp, type MintTokenOptions } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectRefusal } from './support/expect-refusal.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

let rotating: DevIdp;
let compromised: DevIdp;
let twin: DevIdp;
let guard: Guard;
beforeAll(async () => {
  const idps = await Promise.all([1, 2, 3].map(() => startDevIdp({ quiet: true })));
  [rotating, compromised, twin] = idps as [DevIdp, DevIdp, DevIdp];
  guard = await openGuard({ issuers: (idp) => [idp, ...idps].map(({ issuer }) => ({ issuer })) });
});
afterAll(async () => {
  await guard.close();
  await Promise.all([rotating, compromised, twin].map((idp) => idp.close()));
});

async function tokenOf(idp: DevIdp, options: MintTokenOptions = {}): Promise<string> {
  return guard.watch(await idp.mintToken({ scopes: ['echo:call'], ...options }));
}

async function statuses(tokens: readonly string[]): Promise<number[]> {
  const sent = await Promise.all(tokens.map((token) => guard.send({ token })));
  return sent.map(({ answer }) => answer.status);
}

describe('an issuer that rotates its keys', () => {
  verifies('TOKEN-KEYS-ROTATION', 'loses no request: old and new tokens pass, after one fetch (C-01)', async () => {
    const used = await tokenOf(rotating);
    const unused = await tokenOf(rotating, { subject: 'signed before, seen after' });
    await guard.expectAnswered({ token: used });
    const before = rotating.requests('jwks');
    await rotating.rotateKeys();
    const fresh = await Promise.all(Array.from({ length: 20 }, (_, i) => tokenOf(rotating, { subject: `user-${i}` })));
    expect(await statuses([used, unused, ...fresh, used])).toEqual(Array(23).fill(200));
    expect(rotating.requests('jwks')).toBe(before + 1);
  });

  verifies('TOKEN-KEYS-ROTATION', 'is asked for its metadata once, not with every fetch of keys', async () => {
    expect(rotating.requests('metadata')).toBe(1);
  });

  verifies('TOKEN-7517-KID', 'is of no concern to another issuer that has other keys', async () => {
    const token = await tokenOf(twin);
    await guard.expectAnswered({ token });
    expect(twin.requests('jwks')).toBe(1);
  });
});

describe('an issuer that drops a key', () => {
  verifies(
    'TOKEN-KEYS-REMOVAL',
    'has the tokens of that key refused after the next fetch, accepted ones too (C-02)',
    async () => {
      const [known, unknown] = [await tokenOf(compromised), await tokenOf(compromised, { subject: 'not seen before' })];
      await guard.expectAnswered({ token: known });
      await compromised.rotateKeys();
      compromised.dropOldKeys();
      // Nobody has told the server yet: the bound of ten minutes runs.
      await guard.expectAnswered({ token: known });
      await guard.expectAnswered({ token: await tokenOf(compromised, { subject: 'makes it fetch' }) });
      await guard.expectRefused('key_not_found', { token: known });
      await guard.expectRefused('key_not_found', { token: unknown });
      await guard.expectAnswered({ token: await tokenOf(compromised) });
      expect(compromised.requests('jwks')).toBe(2);
    },
  );
});

describe('two issuers', () => {
  verifies(
    ['TOKEN-8725-ISSUER-KEYS', 'TOKEN-9068-KEYS'],
    'do not lend each other keys: a token that names one and is signed by the other is refused (B-37)',
    async () => {
      const token = await tokenOf(twin, { claims: { iss: guard.idp.issuer } });
      await guard.expectRefused('key_not_found', { token });
      const sent = await guard.send({ token: await tokenOf(guard.idp, { claims: { iss: twin.issuer } }) });
      expectRefusal(sent.answer, 'key_not_found', sent.id);
    },
  );
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
