import { afterEach, describe, expect, it } from 'vitest';
import { openGuarded, type Guarded, type GuardedOptions } from '../support/guarded.ts';
import { send, type Answer } from '../support/http.ts';

let guarded: Guarded | undefined;
afterEach(async () => {
  await guarded?.close();
  guarded = undefined;
});

const paths = [
  '/mcp/server-card',
  '/.well-known/mcp/server-card.json',
  '/.well-known/ai-catalog.json',
  '/.well-known/api-catalog',
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-protected-resource',
];

type Get = (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;

async function serve(config: GuardedOptions['config'] = {}): Promise<{ get: Get; guarded: Guarded }> {
  guarded = await openGuarded({ config });
  const endpoint = await guarded.serve((app, suite) => {
    app.use(suite.wellKnown);
    app.all('/mcp', suite.protect);
  });
  return {
    guarded,
    get: (path, headers = {}, method = 'GET') => send(new URL(path, endpoint).href, { method, headers }),
  };
}

describe('the discovery documents', () => {
  it('count towards the limit of their address: 429 with Retry-After, open to every origin, one record each', async () => {
    const { get, guarded: at } = await serve({
      rateLimits: { perAddress: '6/h' },
      network: { trustedProxies: ['127.0.0.1'] },
    });
    const from = { 'x-forwarded-for': '192.0.2.7', origin: 'https://any.example' };
    for (const path of paths) expect((await get(path, from)).status).toBe(200);
    const methods = ['GET', 'HEAD', 'OPTIONS', 'POST'];
    for (const method of methods) {
      const answer = await get('/mcp/server-card', from, method);
      expect(answer.status).toBe(429);
      expect(answer.headers).toMatchObject({
        'retry-after': expect.stringMatching(/^[1-9]\d*$/) as string,
        'access-control-allow-origin': '*',
        'cache-control': 'no-store',
        'content-type': 'application/json',
      });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      if (method === 'GET') {
        const { error } = JSON.parse(answer.text) as { error: { data: unknown } };
        expect(error.data).toMatchObject({ code: 'ERR_LIMIT_RATE_LIMITED' });
      }
    }
    const refused = at.records.filter(({ decision }) => decision?.reason === 'rate_limited');
    expect(refused.map(({ type, source }) => [type, source?.ip])).toEqual(
      methods.map(() => ['request.refused', '192.0.2.7']),
    );
    expect((await get('/mcp/server-card', { 'x-forwarded-for': '192.0.2.8' })).status).toBe(200);
  });

  it('leave no record where nothing is refused', async () => {
    const { get, guarded: at } = await serve();
    const before = at.records.length;
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) await get(path, {}, method);
      await get(path, { accept: 'text/html' });
    }
    expect(at.records).toHaveLength(before);
  });

  it('say where the API catalog and its item are, to HEAD and GET (RFC 9727 §2, §3)', async () => {
    const { get } = await serve();
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await get('/.well-known/api-catalog', {}, method);
      expect(headers['link']).toBe(
        '<http://127.0.0.1/.well-known/api-catalog>; rel="api-catalog", <http://127.0.0.1/mcp>; rel="item"',
      );
    }
    expect((await get('/mcp/server-card')).headers).not.toHaveProperty('link');
  });

  it('are negotiated where there are two media types; the metadata of the resource have one, and everybody gets it', async () => {
    const { get } = await serve();
    for (const path of paths) {
      const isMetadata = path.includes('oauth-protected-resource');
      const html = await get(path, { accept: 'text/html' });
      expect([html.status, html.headers['vary']]).toEqual(isMetadata ? [200, undefined] : [406, 'Accept']);
      const plain = await get(path, { accept: 'application/json' });
      expect([plain.status, plain.headers['content-type']]).toEqual([200, 'application/json']);
      expect(plain.text).toBe((await get(path)).text);
    }
  });

  it('are at their exact paths and nowhere else', async () => {
    const { get } = await serve();
    for (const path of [
      '/mcp/server-card/',
      '/MCP/server-card',
      '/mcp//server-card',
      '/mcp/server%2dcard',
      '/server-card',
    ])
      expect((await get(path)).status).not.toBe(200);
    expect((await get('/mcp/server-card?x=1')).status).toBe(200);
  });
});
