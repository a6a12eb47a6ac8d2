import { afterAll, beforeAll, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { modern, send } from './support/mcp-request.ts';
import { openRaw, rawMessage } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

const flood = 100_000;
const connections = 8;
const pipelined = 100;

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { rateLimits: { perAddress: '10000000/s' } } });
});
afterAll(() => guard.close());

/** Sends the same request so many times on one connection, some at once. */
async function sendMany(count: number): Promise<number> {
  const request = rawMessage(
    { headers: { 'user-agent': 'flood' }, body: '' },
    ['Host: localhost'],
    'GET /mcp HTTP/1.1',
  );
  const raw = openRaw(guard.target.port);
  let refused = 0;
  try {
    for (let sent = 0; sent < count; sent += pipelined) {
      raw.write(request.repeat(pipelined));
      for (let at = 0; at < pipelined; at += 1) if ((await raw.answer()).status === 401) refused += 1;
    }
  } finally {
    raw.destroy();
  }
  return refused;
}

verifies(
  'G-31',
  'a flood of 100,000 anonymous refusals is counted exactly in a few records, and those of known callers stand one by one (G-31)',
  async () => {
    const known = Array.from({ length: 150 }, async () => {
      const token = await guard.token({ subject: 'known', scopes: [] });
      return send(guard.target.url, modern('tools/call', { name: 'echo', arguments: {} }, { token }));
    });
    const each = Array.from({ length: connections }, () => sendMany(flood / connections));
    const refused = (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
    expect(refused).toBe(flood);
    await Promise.all(known);
    await guard.expectNextAnswered();
    await guard.target.stop();
    const records = guard.target.records();
    const single = records.filter(({ type, source }) => type === 'auth.failure' && source?.userAgent === 'flood');
    const counted = records.filter(({ type }) => type === 'audit.aggregated');
    const sum = counted.reduce((total, { detail }) => total + (detail as { count: number }).count, 0);
    expect(single.length + sum).toBe(flood);
    // A hundred for each second, and one record more.
    const seconds = new Set(counted.map(({ at }) => at)).size;
    expect(single.length).toBeLessThanOrEqual(100 * (seconds + 2));
    for (const { detail, decision } of counted) {
      expect(decision).toEqual({ effect: 'deny', reason: 'no_token' });
      expect(detail).toMatchObject({ of: 'auth.failure', network: '127.0.0.0/24' });
    }
    expect(records.filter(({ actor }) => actor?.sub === 'known')).toHaveLength(150);
  },
  180_000,
);
