import { createMemoryAuditLog, createMemoryRevocationList, type AuditLog, type RevocationList } from '@sallyport/core';
import express, { type RequestHandler, type Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, resource, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({
    config: (idp) => ({ issuers: [{ issuer: idp.issuer, backChannelLogout: { audience: ['client-1'] } }] }),
  });
});
afterAll(() => guarded.close());

/** Mounts the receiver behind other middleware, posts a logout, and tells how a token of the user is answered then. */
async function logOut(sub: string, before: readonly RequestHandler[] = []): Promise<{ status: number; token: number }> {
  const url = await guarded.serve((app, suite) => {
    app.post('/logout', ...before, suite.backChannelLogout);
    app.all(
      '/mcp',
      suite.protect,
      mount((_req: unknown, res: Response) => void res.json({ jsonrpc: '2.0', id: 1, result: {} })),
    );
  });
  const token = await guarded.idp.mintToken({ resource, subject: sub });
  const logoutToken = await guarded.idp.mintLogoutToken({ audience: 'client-1', sub });
  const { status } = await send(url.replace('/mcp', '/logout'), {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `logout_token=${logoutToken}`,
  });
  return { status, token: (await send(url, modern(token, 'tools/call', { name: 'whoami' }))).status };
}

describe('the receiver of logout tokens', () => {
  it('works mounted by itself, and behind a parser of forms', async () => {
    expect(await logOut('alice')).toEqual({ status: 200, token: 401 });
    expect(await logOut('bob', [express.urlencoded({ extended: false })])).toEqual({ status: 200, token: 401 });
  });

  it('refuses what another parser took away', async () => {
    const swallow: RequestHandler = (req, _res, next) => void req.resume().once('end', () => next());
    expect(await logOut('carol', [swallow])).toEqual({ status: 400, token: 200 });
  });

  it('accepts those of the issuer of the enterprise token, which ends its tokens', async () => {
    const enterprise = await openGuarded({
      config: (idp) => ({
        issuers: [{ issuer: 'http://127.0.0.1:9', jwksUri: 'http://127.0.0.1:9/jwks' }],
        enterpriseToken: { issuer: idp.issuer, backChannelLogout: { audience: ['client-1'] } },
        network: { trustedProxies: ['127.0.0.1'] },
      }),
    });
    try {
      const url = await enterprise.serve((app, suite) => {
        app.post('/logout', suite.backChannelLogout);
        app.all(
          '/mcp',
          suite.protect,
          mount((_req: unknown, res: Response) => void res.json({ jsonrpc: '2.0', id: 1, result: {} })),
        );
      });
      const token = await enterprise.idp.mintToken({ resource, subject: 'alice' });
      const { authorization: _, ...headers } = modern('', 'tools/call', { name: 'whoami' }).headers ?? {};
      const call = {
        ...modern('', 'tools/call', { name: 'whoami' }),
        headers: { ...headers, 'x-enterprise-token': token },
      };
      expect((await send(url, call)).status).toBe(200);
      const { status } = await send(url.replace('/mcp', '/logout'), {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `logout_token=${await enterprise.idp.mintLogoutToken({ audience: 'client-1', sub: 'alice' })}`,
      });
      expect([status, (await send(url, call)).status]).toEqual([200, 401]);
    } finally {
      await enterprise.close();
    }
  });

  it.each(['list', 'log'])('lets the issuer send a logout again after the %s failed once', async (failing) => {
    const failures = [failing];
    const fail = (part: string): void => {
      if (failures[0] === part) throw new Error(`the ${failures.shift()} is down`);
    };
    const [memory, audit] = [createMemoryRevocationList(), createMemoryAuditLog()];
    const revocations: RevocationList = {
      revoke: async (...entry) => (fail('list'), memory.revoke(...entry)),
      isRevoked: (token) => memory.isRevoked(token),
    };
    const flaky: AuditLog = {
      ...audit,
      append: async (entry) => {
        if (entry.type === 'token.revoked') fail('log');
        return audit.append(entry);
      },
    };
    const again = await openGuarded({
      revocations,
      audit: flaky,
      config: (idp) => ({ issuers: [{ issuer: idp.issuer, backChannelLogout: { audience: ['client-1'] } }] }),
    });
    try {
      const url = await again.serve((app, suite) => {
        app.post('/logout', suite.backChannelLogout);
        app.all(
          '/mcp',
          suite.protect,
          mount((_req: unknown, res: Response) => void res.json({ jsonrpc: '2.0', id: 1, result: {} })),
        );
      });
      const token = await again.idp.mintToken({ resource, subject: 'alice' });
      const body = `logout_token=${await again.idp.mintLogoutToken({ audience: 'client-1', sub: 'alice' })}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answers: [number, unknown][] = [];
      for (let i = 0; i < 3; i += 1) {
        const { status, text } = await send(url.replace('/mcp', '/logout'), { headers, body });
        answers.push([status, text === '' ? undefined : (JSON.parse(text) as { error: unknown }).error]);
      }
      expect(answers).toEqual([
        [400, 'temporarily_unavailable'],
        [200, undefined],
        [400, 'invalid_request'],
      ]);
      expect((await send(url, modern(token, 'tools/call', { name: 'whoami' }))).status).toBe(401);
    } finally {
      await again.close();
    }
  });

  it('refuses when the suite is closing, and does not revoke', async () => {
    const closing = await openGuarded({
      config: (idp) => ({ issuers: [{ issuer: idp.issuer, backChannelLogout: { audience: ['client-1'] } }] }),
    });
    try {
      const url = await closing.serve((app, suite) => void app.post('/logout', suite.backChannelLogout));
      const logoutToken = await closing.idp.mintLogoutToken({ audience: 'client-1', sub: 'alice' });
      const closed = closing.suite.close();
      const { status } = await send(url.replace('/mcp', '/logout'), {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `logout_token=${logoutToken}`,
      });
      await closed;
      expect(status).toBe(400);
      expect(closing.records.some(({ type }) => type === 'token.revoked')).toBe(false);
    } finally {
      await closing.close();
    }
  });
});
