import { afterAll, beforeAll, expect } from 'vitest';
import { expectOneRecord, expectRefusal } from './support/expect-refusal.ts';
import { openGuard, type Call, type Guard, type Sent } from './support/guard.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import { verifies } from './support/verifies.ts';

const limit = 4;

let issuer: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  issuer = await startLocalIssuer();
  guard = await openGuard({
    config: { rateLimits: { perPrincipal: `${limit}/h` } },
    issuers: (idp) => [{ issuer: idp.issuer }, { issuer: issuer.url }],
  });
});
afterAll(async () => {
  await guard.close();
  await issuer.close();
});

function tokenOf(subject: string, clientId = 'client-1'): Promise<string> {
  return guard.token({ subject, clientId, scopes: ['echo:call'] });
}

async function statuses(token: string, count: number, call: Call = {}): Promise<number[]> {
  const answered: number[] = [];
  for (let i = 0; i < count; i += 1) answered.push((await guard.send({ ...call, token })).answer.status);
  return answered;
}

const all = Array<number>(limit).fill(200);

async function expectLimited({ answer, id, userAgent }: Sent): Promise<void> {
  expectRefusal(answer, 'rate_limited', id);
  await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
  expectOneRecord(guard.target.records(), userAgent, 'rate_limited', { contract: { actor: true } });
}

verifies(
  ['WALK-05-PRINCIPAL-LIMIT', 'REFUSAL-NOTHING-RAN'],
  'beyond its limit a principal gets 429 in both eras (I-06)',
  async () => {
    const token = await tokenOf('busy');
    expect(await statuses(token, limit)).toEqual(all);
    const before = guard.target.effects().length;
    await expectLimited(await guard.send({ token }, 'modern'));
    await expectLimited(await guard.send({ token }, 'legacy', 'application/json'));
    await expectLimited(await guard.send({ token, method: 'GET', body: '' }));
    await expectLimited(await guard.send({ token, headers: { 'content-type': 'text/plain' } }));
    expect(guard.target.effects()).toHaveLength(before);
  },
);

verifies('WALK-05-PRINCIPAL-LIMIT', 'a new token of the same principal does not help', async () => {
  await statuses(await tokenOf('again'), limit);
  await expectLimited(await guard.send({ token: await tokenOf('again') }));
});

verifies(
  'WALK-05-PRINCIPAL-LIMIT',
  'others go on: another user, the same user by another client or issuer (I-07)',
  async () => {
    await statuses(await tokenOf('shared'), limit + 1);
    expect(await statuses(await tokenOf('other'), limit)).toEqual(all);
    expect(await statuses(await tokenOf('shared', 'client-2'), limit)).toEqual(all);
    expect(await statuses(guard.watch(issuer.sign({ sub: 'shared' })), limit)).toEqual(all);
  },
);

verifies('WALK-05-PRINCIPAL-LIMIT', 'refused calls count, so that a step-up loop ends (F-105)', async () => {
  const token = await tokenOf('looping');
  const call: Call = { rpc: ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }] };
  expect(await statuses(token, limit, call)).toEqual(Array(limit).fill(403));
  await expectLimited(await guard.send({ ...call, token }));
  const refused = guard.target.records().filter(({ decision }) => decision?.reason === 'insufficient_scope');
  expect(refused.filter(({ actor }) => actor?.sub === 'looping')).toHaveLength(limit);
  expect(await statuses(await tokenOf('beside the loop'), limit)).toEqual(all);
});

verifies(
  'WALK-05-PRINCIPAL-LIMIT',
  'nobody can use up the limit of somebody whose token they do not have',
  async () => {
    const [header, payload] = (await tokenOf('victim')).split('.') as [string, string];
    expect(await statuses(`${header}.${payload}.AAAA`, limit * 2)).toEqual(Array(limit * 2).fill(401));
    expect(await statuses(await tokenOf('victim'), limit)).toEqual(all);
  },
);

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
