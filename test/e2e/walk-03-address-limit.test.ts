import { afterAll, beforeAll, expect } from 'vitest';
import { expectOneRecord, expectRefusal } from './support/expect-refusal.ts';
import { headersOf, openGuard, type Call, type Guard, type Sent } from './support/guard.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import { verifies } from './support/verifies.ts';

const limit = 5;

let issuer: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  issuer = await startLocalIssuer();
  guard = await openGuard({
    config: { rateLimits: { perAddress: `${limit}/h` }, network: { trustedProxies: ['127.0.0.1'] } },
    issuers: (idp) => [{ issuer: idp.issuer }, { issuer: issuer.url }],
  });
});
afterAll(async () => {
  await guard.close();
  await issuer.close();
});

/** Sends a call from an address, as the trusted proxy says. */
function from(address: string, call: Call = {}): Promise<Sent> {
  return guard.send({ ...call, headers: { ...headersOf(call), 'x-forwarded-for': address } });
}

async function exhaust(address: string, call?: Call): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < limit; i += 1) statuses.push((await from(address, call)).answer.status);
  return statuses;
}

async function expectLimited({ answer, id, userAgent }: Sent, address: string): Promise<void> {
  expectRefusal(answer, 'rate_limited', id);
  const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
  expect(record.source?.ip).toBe(address);
  expectOneRecord(guard.target.records(), userAgent, 'rate_limited', { ip: address });
}

const limited: readonly [string, Call][] = [
  ['a good token', {}],
  ['no token', { token: null }],
  ['a bad token', { token: 'bad' }],
  ['two tokens', { headers: { authorization: ['Bearer a', 'Bearer b'] } }],
  ['a token that is too large', { token: 'x'.repeat(9_000) }],
  ['GET', { method: 'GET', body: '' }],
];

verifies(
  ['WALK-03-ADDRESS-LIMIT', 'REFUSAL-NOTHING-RAN'],
  'beyond its limit an address gets 429 for whatever it sends (I-06)',
  async () => {
    expect(await exhaust('192.0.2.1')).toEqual(Array(limit).fill(200));
    const before = guard.target.effects().length;
    for (const [, call] of limited) await expectLimited(await from('192.0.2.1', call), '192.0.2.1');
    expect(guard.target.effects()).toHaveLength(before);
  },
);

verifies('WALK-03-ADDRESS-LIMIT', 'another address is not affected (I-07)', async () => {
  await exhaust('192.0.2.2', { token: null });
  expect((await from('192.0.2.2')).answer.status).toBe(429);
  expect((await from('192.0.2.3')).answer.status).toBe(200);
});

verifies('WALK-03-ADDRESS-LIMIT', 'refused requests count: guessing tokens ends in 429 (I-02)', async () => {
  expect(await exhaust('192.0.2.4', { token: 'guess' })).toEqual(Array(limit).fill(401));
  await expectLimited(await from('192.0.2.4', { token: 'guess' }), '192.0.2.4');
});

verifies('WALK-03-ADDRESS-LIMIT', 'no key is looked for once the limit is reached', async () => {
  await exhaust('192.0.2.5');
  const before = issuer.requests.length;
  const token = guard.watch(issuer.sign({}, { kid: 'unknown' }));
  await expectLimited(await from('192.0.2.5', { token }), '192.0.2.5');
  expect(issuer.requests).toHaveLength(before);
});

verifies('WALK-03-ADDRESS-LIMIT', 'an IPv6 network of 64 bits is one address', async () => {
  const addresses = [
    '2001:db8:0:1::1',
    '2001:db8:0:1::2',
    '2001:db8:0:1:a:b:c:d',
    '2001:DB8:0:1::3',
    '2001:0db8::1:f:0:0:1',
  ];
  for (const address of addresses) expect((await from(address)).answer.status).toBe(200);
  expect((await from('2001:db8:0:1::9')).answer.status).toBe(429);
  expect((await from('2001:db8:0:2::9')).answer.status).toBe(200);
});

verifies(
  ['WALK-03-ADDRESS-LIMIT', 'G-27'],
  'an address that the client made up before the proxy does not count (G-27)',
  async () => {
    const statuses: number[] = [];
    for (let i = 0; i <= limit; i += 1) statuses.push((await from(`198.51.100.${i}, 192.0.2.6`)).answer.status);
    expect(statuses).toEqual([...Array<number>(limit).fill(200), 429]);
  },
);

verifies('WALK-03-ADDRESS-LIMIT', 'preflights and wrong paths neither count nor are limited (I-05)', async () => {
  for (let i = 0; i < limit * 2; i += 1) {
    expect((await from('192.0.2.7', { target: '/mcp/' })).answer.status).toBe(404);
    expect((await from('192.0.2.7', { method: 'PUT' })).answer.status).toBe(405);
  }
  expect((await from('192.0.2.7')).answer.status).toBe(200);
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
