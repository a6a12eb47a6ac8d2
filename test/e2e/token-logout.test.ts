import type { MintLogoutTokenOptions } from '@sallyport/dev-idp';
import type { AuditRecord } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { send, type Answer, type HeaderValue } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

const audience = 'client-at-the-idp';
const event = 'http://schemas.openid.net/event/backchannel-logout';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ issuers: (idp) => [{ issuer: idp.issuer, backChannelLogout: { audience: [audience] } }] });
});
afterAll(() => guard.close());

let count = 0;

interface Posted {
  readonly answer: Answer;
  readonly userAgent: string;
}

/** Posts to the logout URL, a form unless something else is given. */
async function post(
  at: Guard,
  body: string | Record<string, string>,
  headers: Record<string, HeaderValue> = {},
  method = 'POST',
): Promise<Posted> {
  const userAgent = at.userAgent();
  const answer = await send(`${at.target.origin}/backchannel-logout`, {
    method,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': userAgent, ...headers },
    body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
  });
  return { answer, userAgent };
}

async function logoutToken(options: Partial<MintLogoutTokenOptions>, at: Guard = guard): Promise<string> {
  return at.watch(await at.idp.mintLogoutToken({ audience, ...options }));
}

/** Posts a token that must be accepted, and gives the records it left. */
async function logOut(token: string): Promise<AuditRecord[]> {
  const { answer, userAgent } = await post(guard, { logout_token: token });
  expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, '', 'no-store']);
  return guard.target.records().filter(({ source }) => source?.userAgent === userAgent);
}

/** Posts a token that must be refused, and gives the one record it left. */
async function expectInvalid(posted: Promise<Posted>): Promise<AuditRecord> {
  const { answer, userAgent } = await posted;
  expect({
    status: answer.status,
    type: answer.headers['content-type'],
    cache: answer.headers['cache-control'],
  }).toEqual({
    status: 400,
    type: 'application/json',
    cache: 'no-store',
  });
  expect(JSON.parse(answer.text)).toEqual({
    error: 'invalid_request',
    error_description: 'The logout request is not acceptable here. Send one valid logout_token.',
  });
  await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
  const left = guard.target.records().filter(({ source }) => source?.userAgent === userAgent);
  expect(left.map(({ type, decision }) => [type, decision?.effect, decision?.reason, decision?.httpStatus])).toEqual([
    ['request.refused', 'deny', 'logout_invalid', 400],
  ]);
  return left[0] as AuditRecord;
}

interface Person {
  readonly sub: string;
  readonly sid: string;
  /** Access tokens: of this session, of another session, and one that does not say. */
  readonly here: string;
  readonly elsewhere: string;
  readonly anywhere: string;
}

async function person(): Promise<Person> {
  count += 1;
  const [sub, sid] = [`user-${count}`, guard.watch(`the-session-of-user-${count}`)];
  const issue = (claims: object): Promise<string> =>
    guard.token({ subject: sub, scopes: ['echo:call'], claims: { ...claims } });
  return {
    sub,
    sid,
    here: await issue({ sid }),
    elsewhere: await issue({ sid: `another-session-of-user-${count}` }),
    anywhere: await issue({}),
  };
}

describe('a logout', () => {
  verifies(
    ['LOGOUT-ACTIONS', 'LOGOUT-RESPONSE', 'TOKEN-REVOKED-REFUSED'],
    'of a session ends its tokens, and those of the user that name none',
    async () => {
      const { sub, sid, here, elsewhere, anywhere } = await person();
      await guard.expectAnswered({ token: here });
      const records = await logOut(await logoutToken({ sub, sid }));
      for (const token of [here, anywhere]) await guard.expectRefused('revoked', { token });
      await guard.expectAnswered({ token: elsewhere });

      expect(records.map(({ type, detail }) => [type, detail])).toEqual([
        ['token.revoked', { by: 'back_channel_logout' }],
        ['token.revoked', { by: 'back_channel_logout' }],
      ]);
      expect(records.map(({ revocation }) => revocation)).toMatchObject([
        { iss: guard.idp.issuer, sid: expect.stringMatching(/^hmac-sha256:/) as string },
        { iss: guard.idp.issuer, sub, sessionlessOnly: true },
      ]);
    },
  );

  verifies('LOGOUT-ACTIONS', 'of a session without a user ends its tokens alone', async () => {
    const { sid, here, elsewhere, anywhere } = await person();
    await logOut(await logoutToken({ sid }));
    await guard.expectRefused('revoked', { token: here });
    for (const token of [elsewhere, anywhere]) await guard.expectAnswered({ token });
  });

  verifies('LOGOUT-ACTIONS', 'of a user ends every token until then, and nobody else\u2019s', async () => {
    const [{ sub, here, elsewhere, anywhere }, other] = [await person(), await person()];
    await logOut(await logoutToken({ sub }));
    for (const token of [here, elsewhere, anywhere]) await guard.expectRefused('revoked', { token });
    await guard.expectAnswered({ token: other.here });
  });

  const accepted: Record<string, (sub: string) => Partial<MintLogoutTokenOptions>> = {
    'without a type': (sub) => ({ sub, header: { typ: undefined } }),
    'of the plain type JWT': (sub) => ({ sub, header: { typ: 'JWT' } }),
    'with a list of audiences that is only us': (sub) => ({ sub, claims: { aud: [audience] } }),
    'signed with another allowed algorithm': (sub) => ({ sub, algorithm: 'ES256' }),
  };
  for (const [what, options] of Object.entries(accepted)) {
    verifies('LOGOUT-CLAIMS', `may be by a token ${what}`, async () => {
      const { sub, here } = await person();
      await logOut(await logoutToken(options(sub)));
      await guard.expectRefused('revoked', { token: here });
    });
  }

  verifies('LOGOUT-REQUEST', 'ignores other values in the form', async () => {
    const { sub, here } = await person();
    const { answer } = await post(guard, { state: 'x', logout_token: await logoutToken({ sub }), access_token: 'y' });
    expect(answer.status).toBe(200);
    await guard.expectRefused('revoked', { token: here });
  });
});

describe('what is no logout', () => {
  verifies('LOGOUT-REPLAY', 'is a token that was used before', async () => {
    const { sub } = await person();
    const token = await logoutToken({ sub });
    await logOut(token);
    const record = await expectInvalid(post(guard, { logout_token: token }));
    expect(record.detail).toEqual({ problem: 'the token was used before' });
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const claims: [string, string | null, () => Partial<MintLogoutTokenOptions>][] = [
    ['for another client', 'aud_mismatch', () => ({ audience: 'another-client' })],
    ['for another client too', 'aud_mismatch', () => ({ claims: { aud: [audience, 'another-client'] } })],
    ['for nobody', 'aud_mismatch', () => ({ claims: { aud: undefined } })],
    ['for the resource', 'aud_mismatch', () => ({ audience: 'http://127.0.0.1:8080/mcp' })],
    ['of another issuer', 'iss_unknown', () => ({ claims: { iss: 'https://other.example' } })],
    ['that expired', 'expired', () => ({ expiresInSeconds: -60, claims: { iat: now() - 120 } })],
    ['without exp', 'exp_missing', () => ({ claims: { exp: undefined } })],
    ['without iat', 'malformed_token', () => ({ claims: { iat: undefined } })],
    ['from the future', 'not_yet_valid', () => ({ claims: { iat: now() + 60 } })],
    ['from an hour ago', 'expired', () => ({ claims: { iat: now() - 3_600, exp: now() + 60 } })],
    ['without jti', 'malformed_token', () => ({ claims: { jti: undefined } })],
    ['without sub and sid', 'malformed_token', () => ({ claims: { sub: undefined } })],
    ['without events', null, () => ({ claims: { events: undefined } })],
    ['with another event', null, () => ({ claims: { events: { 'urn:other': {} } } })],
    ['with an event that is no object', null, () => ({ claims: { events: { [event]: true } } })],
    ['with a nonce', 'token_type_confusion', () => ({ claims: { nonce: 'n' } })],
    ['of the type of an ID token', 'typ_mismatch', () => ({ header: { typ: 'id_token+jwt' } })],
  ];
  for (const [what, reason, options] of claims) {
    verifies(['LOGOUT-CLAIMS', 'LOGOUT-SUBJECT', 'LOGOUT-EVENT', 'LOGOUT-NO-NONCE'], `is a token ${what}`, async () => {
      const { sub, here } = await person();
      const record = await expectInvalid(post(guard, { logout_token: await logoutToken({ sub, ...options() }) }));
      if (reason !== null) expect(record.detail).toMatchObject({ reason });
      await guard.expectAnswered({ token: here });
    });
  }

  verifies('LOGOUT-SIGNATURE', 'is a token with a forged signature, or with none', async () => {
    const { sub, here } = await person();
    const token = await logoutToken({ sub });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'logout+jwt' })).toString('base64url');
    for (const [forged, reason] of [
      [`${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`, 'bad_signature'],
      [`${none}.${payload}.`, 'alg_not_allowed'],
      [`${header}.${payload}.`, 'bad_signature'],
    ]) {
      const record = await expectInvalid(post(guard, { logout_token: forged ?? '' }));
      expect(record.detail).toMatchObject({ reason });
    }
    await guard.expectAnswered({ token: here });
  });

  verifies('LOGOUT-NO-NONCE', 'is an access token, nor is a logout token an access token', async () => {
    const { sub, here } = await person();
    await expectInvalid(post(guard, { logout_token: here }));
    await guard.expectRefused('typ_mismatch', { token: await logoutToken({ sub }) });
  });

  verifies(['LOGOUT-REQUEST', 'LOGOUT-RESPONSE'], 'is a request in another form', async () => {
    const { sub } = await person();
    const token = await logoutToken({ sub });
    for (const [body, headers] of [
      [JSON.stringify({ logout_token: token }), { 'content-type': 'application/json' }],
      [`logout_token=${token}`, { 'content-type': 'text/plain' }],
      [`logout_token=${token}`, { 'content-type': undefined }],
      ['', {}],
      ['logout_token=', {}],
      [`logout_token=${token}&logout_token=${token}`, {}],
      [`access_token=${token}`, {}],
    ] as const) {
      await expectInvalid(post(guard, body, headers));
    }
    await logOut(token);
  });

  verifies('LOGOUT-REQUEST', 'is a body that is larger than any logout token', async () => {
    const { answer } = await post(guard, `logout_token=${'a'.repeat(40_000)}`);
    expect(answer.status).toBe(400);
  });

  verifies('LOGOUT-REQUEST', 'is another method, nor a token in the query', async () => {
    const { sub, here } = await person();
    const token = await logoutToken({ sub });
    const { answer } = await post(guard, '', {}, 'GET');
    expect([answer.status, answer.headers.allow, answer.headers['cache-control']]).toEqual([405, 'POST', 'no-store']);
    const query = await send(`${guard.target.origin}/backchannel-logout?logout_token=${token}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(query.status).toBe(400);
    await guard.expectAnswered({ token: here });
  });
});

describe('a logout that can not be checked', () => {
  verifies('LOGOUT-RESPONSE', 'is 400 as the specification wants it, and the operator is told', async () => {
    const down = await openGuard({
      issuers: (idp) => [{ issuer: idp.issuer, backChannelLogout: { audience: [audience] } }],
    });
    try {
      down.idp.fail({ endpoint: 'jwks', mode: 'status' });
      const other = await openGuard({
        issuers: () => [{ issuer: down.idp.issuer, backChannelLogout: { audience: [audience] } }],
      });
      try {
        const { answer, userAgent } = await post(other, { logout_token: await logoutToken({ sub: 'somebody' }, down) });
        expect([answer.status, answer.headers['cache-control']]).toEqual([400, 'no-store']);
        expect(JSON.parse(answer.text)).toMatchObject({ error: 'temporarily_unavailable' });
        expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
        const record = await other.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
        expect(record.decision).toMatchObject({ reason: 'idp_unavailable', httpStatus: 400 });
        expect(other.target.stderr()).toContain('a logout failed: its tokens go on being accepted');
      } finally {
        await other.close();
      }
    } finally {
      await down.close();
    }
  });
});

describe('the logout URL', () => {
  verifies('LOGOUT-OFF', 'does not exist where no issuer is configured for it', async () => {
    const off = await openGuard();
    try {
      const { answer } = await post(off, { logout_token: await logoutToken({ sub: 'somebody' }, off) });
      expect(answer.status).toBe(404);
      await off.expectClean();
    } finally {
      await off.close();
    }
  });

  verifies('LOGOUT-LIMITED', 'counts for the rate limit by address', async () => {
    const limited = await openGuard({
      config: { rateLimits: { perAddress: '3/m' } },
      issuers: (idp) => [{ issuer: idp.issuer, backChannelLogout: { audience: [audience] } }],
    });
    try {
      const statuses: number[] = [];
      let last: Answer | undefined;
      for (let i = 0; i < 4; i += 1) {
        ({ answer: last } = await post(limited, { logout_token: 'a.b.c' }));
        statuses.push(last.status);
      }
      expect(statuses).toEqual([400, 400, 400, 429]);
      expect(last?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    } finally {
      await limited.close();
    }
  });
});

describe('afterwards', () => {
  verifies('WALK-00-NO-SECRET', 'no logout token and no session is in any record, log line or answer', () =>
    guard.expectClean(),
  );
});
