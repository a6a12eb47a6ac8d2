import { startDevIdp, type DevFailure, type DevIdp, type MintTokenOptions } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { expectRefusal } from './support/expect-refusal.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

/** How the key endpoint of an issuer goes wrong, in words of the documents and in words of the dev IdP. */
const failures: readonly [string, Omit<DevFailure, 'endpoint'>][] = [
  ['refuses connections (C-07)', { mode: 'down' }],
  ['answers 500 (C-07)', { mode: 'status' }],
  ['shows a page (C-11)', { mode: 'html' }],
  ['sends 64 MiB (C-13)', { mode: 'huge' }],
  ['redirects (C-14)', { mode: 'redirect' }],
  ['sends half a document (C-15)', { mode: 'answer', body: '{"keys":[' }],
  ['never ends its answer (C-10)', { mode: 'drip' }],
];

let idps: DevIdp[];
let cold: DevIdp;
let guard: Guard;
beforeAll(async () => {
  idps = [];
  // One after the other: keys are expensive to make, and there are two cores.
  for (const _ of failures) idps.push(await startDevIdp({ quiet: true }));
  cold = await startDevIdp({ quiet: true });
  cold.fail({ endpoint: 'metadata', mode: 'html' });
  cold.fail({ endpoint: 'jwks', mode: 'down' });
  guard = await openGuard({ issuers: (idp) => [idp, cold, ...idps].map(({ issuer }) => ({ issuer })) });
});
afterAll(async () => {
  await guard.close();
  await Promise.all([cold, ...idps].map((idp) => idp.close()));
});

async function tokenOf(idp: DevIdp, options: MintTokenOptions = {}): Promise<string> {
  return guard.watch(await idp.mintToken({ scopes: ['echo:call'], ...options }));
}

async function problems(): Promise<string[]> {
  const answer = await fetch(`${guard.target.origin}/readyz`);
  const body = (await answer.json()) as { checks: { issuers: { issuer: string; ok: boolean }[] } };
  return body.checks.issuers.filter(({ ok }) => !ok).map(({ issuer }) => issuer);
}

describe('an issuer that is down when the server starts', () => {
  verifies(
    'TOKEN-KEYS-COLD-START',
    'makes its tokens 503 and the server unready, not the process fail (C-09, C-18)',
    async () => {
      await guard.expectRefused('idp_unavailable', { token: await tokenOf(cold) });
      expect(await problems()).toEqual([cold.issuer]);
      await guard.expectAnswered({});
    },
  );

  verifies('TOKEN-KEYS-BACKOFF', 'is asked once in a while, not once a request (C-05)', async () => {
    const before = cold.requests();
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, i) => tokenOf(cold, { subject: `waits-${i}` })));
    const sent = await Promise.all(tokens.map((token) => guard.send({ token })));
    for (const { answer, id } of sent) expectRefusal(answer, 'idp_unavailable', id);
    // One attempt looks at both places for the metadata; at most one more fell due meanwhile.
    expect(cold.requests() - before).toBeLessThanOrEqual(4);
  });

  verifies(
    'TOKEN-KEYS-COLD-START',
    'is used as soon as it is back, without a request and without a restart (C-18)',
    async () => {
      cold.heal();
      while ((await problems()).length > 0) await delay(100);
      await guard.expectAnswered({ token: await tokenOf(cold) });
      expect(cold.requests('jwks')).toBe(1);
    },
  );
});

describe('an issuer whose key endpoint', () => {
  for (const [index, [name, failure]] of failures.entries()) {
    verifies('TOKEN-KEYS-STALE', `${name} keeps the keys that are held in use, and others are 503`, async () => {
      const idp = idps[index] as DevIdp;
      const [seen, unseen] = [await tokenOf(idp), await tokenOf(idp, { subject: 'not seen before' })];
      await guard.expectAnswered({ token: seen });
      const before = idp.requests('jwks');
      await idp.rotateKeys();
      idp.fail({ endpoint: 'jwks', ...failure });
      const fresh = await tokenOf(idp, { subject: 'of the new key' });
      const waiting = guard.send({ token: fresh });
      await guard.expectAnswered({ token: seen });
      await guard.expectAnswered({ token: unseen });
      const { answer, id } = await waiting;
      // Whoever followed the redirect would have found the key.
      expectRefusal(answer, 'idp_unavailable', id);
      expect(idp.requests('jwks')).toBeGreaterThan(before);
      expect(await problems()).toEqual([]);
      idp.heal();
      while ((await guard.send({ token: fresh })).answer.status === 503) await delay(100);
      await guard.expectAnswered({ token: fresh });
    });
  }
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
