import { startDevIdp, type DevIdp, type MintTokenOptions } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectRefusal } from './support/expect-refusal.ts';
import { openGuard, type Guard, type Sent } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

const limit = 300;
const flood = 1_000;

let known: DevIdp;
let stranger: DevIdp;
let guard: Guard;
beforeAll(async () => {
  [known, stranger] = await Promise.all([startDevIdp({ quiet: true }), startDevIdp({ quiet: true })]);
  guard = await openGuard({
    config: { rateLimits: { perAddress: `${limit}/h` }, network: { trustedProxies: ['127.0.0.1'] } },
    issuers: (idp) => [idp, known].map(({ issuer }) => ({ issuer })),
  });
});
afterAll(async () => {
  await guard.close();
  await Promise.all([known.close(), stranger.close()]);
});

/** Sends unique tokens from one address, twenty at a time. */
async function sendAll(address: string, tokens: readonly string[]): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let i = 0; i < tokens.length; i += 20) {
    const some = tokens.slice(i, i + 20);
    sent.push(...(await Promise.all(some.map((token) => from(address, token)))));
  }
  return sent;
}

function from(address: string, token?: string): Promise<Sent> {
  return guard.send({ ...(token !== undefined && { token }), headers: { 'x-forwarded-for': address } });
}

/** Unique tokens without the cost of a signature each: the same one with other words in its header. */
async function unknownKeys(count: number): Promise<string[]> {
  const [, payload, signature] = guard.watch(await known.mintToken({ scopes: ['echo:call'] })).split('.');
  return Array.from({ length: count }, (_, i) => {
    const header = JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: `unknown-${i}` });
    return `${Buffer.from(header).toString('base64url')}.${payload}.${signature}`;
  });
}

async function tokenOf(idp: DevIdp, options: MintTokenOptions = {}): Promise<string> {
  return guard.watch(await idp.mintToken({ scopes: ['echo:call'], ...options }));
}

function statusesOf(sent: readonly Sent[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { answer } of sent) counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
  return counts;
}

describe('a flood of tokens', () => {
  verifies(
    ['TOKEN-KEYS-UNKNOWN-KID', 'TOKEN-KEYS-ROTATION'],
    'with unknown key ids causes one fetch, and good tokens pass meanwhile (C-03)',
    async () => {
      expect((await from('192.0.2.1', await tokenOf(known))).answer.status).toBe(200);
      const before = known.requests();
      const [sent, good] = await Promise.all([
        sendAll('192.0.2.1', await unknownKeys(200)),
        from('192.0.2.2', await tokenOf(known, { subject: 'not seen before' })),
      ]);
      expect(statusesOf(sent)).toEqual(new Map([[401, 200]]));
      expect(good.answer.status).toBe(200);
      expect(known.requests() - before).toBe(1);
    },
  );

  verifies(
    ['TOKEN-KEYS-NO-REQUEST-FETCH', 'TOKEN-8725-UNTRUSTED-CLAIMS'],
    'of an issuer that is not configured causes no request to it, well signed as they are (B-35, C-06, C-30)',
    async () => {
      const header = { jku: `${stranger.issuer}/jwks`, x5u: `${stranger.issuer}/jwks` };
      const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf(stranger, { header })));
      for (const { answer, id } of await sendAll('192.0.2.3', tokens)) expectRefusal(answer, 'iss_unknown', id);
      expect(stranger.requests()).toBe(0);
    },
  );

  verifies(
    ['TOKEN-FLOOD-LIMITED', 'WALK-03-ADDRESS-LIMIT'],
    'that are all invalid and all different ends in 429, before keys are looked for or signatures checked (I-02, I-03)',
    async () => {
      const before = known.requests() + guard.idp.requests();
      const [opaque, forged] = [Array.from({ length: flood }, (_, i) => `opaque-${i}`), await unknownKeys(flood)];
      const sent = await sendAll('192.0.2.4', [...opaque, ...forged]);
      expect(statusesOf(sent)).toEqual(
        new Map([
          [401, limit],
          [429, 2 * flood - limit],
        ]),
      );
      for (const { answer, id } of sent.slice(-3)) expectRefusal(answer, 'rate_limited', id);
      expect(known.requests() + guard.idp.requests()).toBe(before);
      // A good one is not even looked at; from another address it is.
      const good = await tokenOf(known, { subject: 'in the flood' });
      expect((await from('192.0.2.4', good)).answer.status).toBe(429);
      expect((await from('192.0.2.5', good)).answer.status).toBe(200);
    },
  );
});
