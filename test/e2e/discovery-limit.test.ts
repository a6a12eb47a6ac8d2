import { afterAll, beforeAll, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { send, type Answer } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

const limit = 4;

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({
    config: { rateLimits: { perAddress: `${limit}/h` }, network: { trustedProxies: ['127.0.0.1'] } },
  });
});
afterAll(() => guard.close());

function get(path: string, address: string, userAgent: string, method = 'GET'): Promise<Answer> {
  const headers = {
    'x-forwarded-for': address,
    'user-agent': userAgent,
    origin: 'https://evil.example',
    host: 'evil.example',
  };
  return send(`${guard.target.origin}${path}`, { method, headers });
}

verifies(
  'DISCOVERY-LIMIT',
  'beyond its limit an address gets 429 for every document, one record each (I-06)',
  async () => {
    const paths = ['/mcp/server-card', '/.well-known/ai-catalog.json', '/.well-known/api-catalog'];
    for (const path of [...paths, '/.well-known/oauth-protected-resource/mcp'])
      expect((await get(path, '192.0.2.1', 'crawler')).status).toBe(200);
    for (const [index, method] of ['GET', 'HEAD', 'OPTIONS', 'DELETE'].entries()) {
      const answer = await get(paths[index % paths.length] ?? '', '192.0.2.1', `over/${index}`, method);
      expect(answer.status).toBe(429);
      expect(answer.headers).toMatchObject({
        'retry-after': expect.stringMatching(/^[1-9]\d*$/) as string,
        'access-control-allow-origin': '*',
        'cache-control': 'no-store',
      });
      expect(answer.challenges).toEqual([]);
      await guard.target.waitForRecord(({ source }) => source?.userAgent === `over/${index}`);
      const records = guard.target.records().filter(({ source }) => source?.userAgent === `over/${index}`);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        type: 'request.refused',
        source: { ip: '192.0.2.1' },
        decision: { effect: 'deny', reason: 'rate_limited', httpStatus: 429 },
      });
    }
    expect(guard.target.records().filter(({ source }) => source?.userAgent === 'crawler')).toEqual([]);
  },
);

verifies(
  ['DISCOVERY-LIMIT', 'WALK-03-ADDRESS-LIMIT'],
  'the documents and the endpoint share the limit of an address',
  async () => {
    for (let count = 0; count < limit; count += 1) {
      expect((await get('/mcp/server-card', '192.0.2.2', 'crawler')).status).toBe(200);
    }
    const { answer } = await guard.send({ headers: { 'x-forwarded-for': '192.0.2.2' } });
    expect(answer.status).toBe(429);
    expect((await guard.send({ headers: { 'x-forwarded-for': '192.0.2.3' } })).answer.status).toBe(200);
  },
);
