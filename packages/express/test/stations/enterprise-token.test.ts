import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount, principalOf, type ToolContext } from '../../src/index.ts';
import { openGuarded, resource, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';

let guarded: Guarded;
let token: string;
beforeAll(async () => {
  guarded = await openGuarded({
    config: (idp) => ({
      enterpriseToken: { header: 'X-Corp-Token', issuer: idp.issuer },
      network: { trustedProxies: ['127.0.0.1'] },
    }),
  });
  token = await guarded.idp.mintToken({ resource, subject: 'employee', claims: { jti: 'token-1' } });
});
afterAll(() => guarded.close());

/** Calls with these headers and no access token; gives the status and what the handler got. */
async function call(headers: Record<string, string>): Promise<{ status: number; got: Request[] }> {
  const got: Request[] = [];
  const handler = mount((req: never, res: never) => {
    got.push(req as Request);
    (res as { json(body: object): void }).json({ jsonrpc: '2.0', id: 1, result: {} });
  });
  const url = await guarded.serveHandler(handler);
  const { authorization: _, ...rest } = modern('', 'tools/call', { name: 'whoami' }).headers ?? {};
  const { status } = await send(url, {
    ...modern('', 'tools/call', { name: 'whoami' }),
    headers: { ...rest, ...headers },
  });
  return { status, got };
}

describe('an enterprise token', () => {
  it('is removed before the handler, which finds its principal and nothing of it (K-14)', async () => {
    const { status, got } = await call({ 'X-Corp-Token': token });
    expect(status).toBe(200);
    const [req] = got;
    const seen = JSON.stringify([req?.headers, req?.rawHeaders, req?.headersDistinct, Reflect.get(req ?? {}, 'auth')]);
    expect(seen).not.toContain(token);
    expect(seen.toLowerCase()).not.toContain('x-corp-token');
    const principal = principalOf({ authInfo: Reflect.get(req ?? {}, 'auth') as never } satisfies ToolContext);
    expect(principal).toMatchObject({ subject: 'employee', proof: 'enterprise' });
  });

  it('is removed under every spelling that something behind may take for it (K-11, K-14)', async () => {
    const good = await guarded.token();
    for (const name of ['X_Corp_Token', 'x-corp_token', 'X_Enterprise_Token', 'X-Enterprise-Token']) {
      const { status, got } = await call({ authorization: `Bearer ${good}`, [name]: token });
      expect(status).toBe(200);
      expect(JSON.stringify([got[0]?.headers, got[0]?.rawHeaders, got[0]?.headersDistinct])).not.toContain(token);
    }
  });

  it('can be revoked like any other', async () => {
    expect((await call({ 'X-Corp-Token': token })).status).toBe(200);
    await guarded.suite.revoke({ issuer: guarded.idp.issuer, jti: 'token-1' });
    expect((await call({ 'X-Corp-Token': token })).status).toBe(401);
    expect(guarded.records.at(-1)?.decision?.reason).toBe('revoked');
  });
});
