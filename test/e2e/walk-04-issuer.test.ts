import { afterAll, beforeAll, describe, expect } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { expectRefusal } from './support/expect-refusal.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import { verifies } from './support/verifies.ts';

let rotating: LocalIssuer;
let down: LocalIssuer;
let lying: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  [rotating, down, lying] = await Promise.all([startLocalIssuer(), startLocalIssuer(), startLocalIssuer()]);
  down.answer = (_request, response) => response.writeHead(500).end('out of order');
  lying.metadata = { issuer: `${lying.url}/` };
  guard = await openGuard({
    issuers: (idp) => [idp.issuer, rotating.url, down.url, lying.url].map((issuer) => ({ issuer })),
  });
});
afterAll(async () => {
  await guard.close();
  await Promise.all([rotating.close(), down.close(), lying.close()]);
});

function keyFetches(issuer: LocalIssuer): number {
  return issuer.requests.filter((path) => path === '/jwks').length;
}

interface ReadyAnswer {
  readonly ready: boolean;
  readonly checks: {
    readonly issuers: readonly { readonly issuer: string; readonly ok: boolean; readonly problem?: string }[];
  };
}

async function readiness(): Promise<{ status: number; body: ReadyAnswer }> {
  const answer = await fetch(`${guard.target.origin}/readyz`);
  return { status: answer.status, body: (await answer.json()) as ReadyAnswer };
}

describe('an issuer that can not be reached', () => {
  verifies(
    ['WALK-04-IDP-DOWN', 'REFUSAL-NO-CHALLENGE-5XX'],
    'makes its tokens 503 with Retry-After, not 401 (C-09, C-18)',
    async () => {
      await guard.expectRefused('idp_unavailable', { token: guard.watch(down.sign()) });
    },
  );

  verifies('WALK-04-IDP-DOWN', 'is not asked again for every request (C-05, C-17)', async () => {
    const tokens = Array.from({ length: 50 }, (_, i) => guard.watch(down.sign({ jti: `down-${i}` })));
    const before = down.requests.length;
    const sent = await Promise.all(tokens.map((token) => guard.send({ token })));
    for (const { answer, id } of sent) expectRefusal(answer, 'idp_unavailable', id);
    // One attempt looks at two places for the metadata.
    expect(down.requests.length - before).toBeLessThanOrEqual(4);
    await guard.expectNextAnswered();
  });

  verifies('WALK-04-IDP-DOWN', 'makes an unknown key 503 too: nobody can say that it does not exist', async () => {
    await guard.expectRefused('idp_unavailable', { token: guard.watch(down.sign({}, { kid: 'unknown' })) });
  });

  verifies(['WALK-04-IDP-DOWN', 'PROCESS-HEALTH'], 'makes the process unready and says which one it is', async () => {
    const { status, body } = await readiness();
    expect(status).toBe(503);
    expect(body.checks.issuers.filter(({ ok }) => !ok).map(({ issuer }) => issuer)).toEqual([down.url, lying.url]);
    expect(body.checks.issuers.filter(({ ok }) => ok).map(({ issuer }) => issuer)).toEqual([
      guard.idp.issuer,
      rotating.url,
    ]);
  });

  verifies('WALK-04-IDP-DOWN', 'does not touch the tokens of the others (I-11)', async () => {
    await guard.expectAnswered({});
    await guard.expectAnswered({ token: guard.watch(rotating.sign()) });
  });

  verifies('WALK-04-IDP-DOWN', 'is one that says to be another: its keys are not used (C-19)', async () => {
    await guard.expectRefused('idp_unavailable', { token: guard.watch(lying.sign()) });
    expect(keyFetches(lying)).toBe(0);
  });

  verifies('WALK-04-IDP-DOWN', 'is used again when it comes back, without a restart (C-18)', async () => {
    down.answer = undefined;
    const token = guard.watch(down.sign());
    for (;;) {
      const { answer } = await guard.send({ token });
      if (answer.status === 200) break;
      expect(answer.status).toBe(503);
      await delay(100);
    }
    await guard.expectAnswered({ token });
  });
});

describe('a key of the issuer', () => {
  verifies(
    'WALK-04-KEY-ROTATION',
    'that is new is fetched once, whoever asks for it at the same time (C-01)',
    async () => {
      const old = guard.watch(rotating.sign());
      await guard.expectAnswered({ token: old });
      const before = keyFetches(rotating);
      rotating.rotate('second');
      const tokens = Array.from({ length: 20 }, (_, i) => guard.watch(rotating.sign({ jti: `new-${i}` })));
      const sent = await Promise.all(tokens.map((token) => guard.send({ token })));
      expect(sent.map(({ answer }) => answer.status)).toEqual(Array(20).fill(200));
      expect(keyFetches(rotating)).toBe(before + 1);
      // The key it was signed with is withdrawn.
      await guard.expectRefused('key_not_found', { token: old });
    },
  );

  verifies('WALK-04-KEY-ROTATION', 'that is unknown is not fetched again and again (C-03)', async () => {
    const before = keyFetches(rotating);
    for (let i = 0; i < 10; i += 1) {
      const token = guard.watch(rotating.sign({}, { kid: `unknown-${i}` }));
      expect((await guard.send({ token })).answer.status).toBe(401);
    }
    expect(keyFetches(rotating) - before).toBeLessThanOrEqual(1);
    await guard.expectAnswered({ token: guard.watch(rotating.sign()) });
  });

  verifies(
    ['WALK-04-KEY-ROTATION', 'WALK-04-IDP-DOWN'],
    'goes on being used while the issuer is down (C-07)',
    async () => {
      rotating.answer = (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
      await guard.expectAnswered({ token: guard.watch(rotating.sign({ sub: 'while-down' })) });
      rotating.answer = undefined;
    },
  );
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
