import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { modern, send } from './support/mcp-request.ts';
import { openRaw } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

const ping = { 'content-type': 'application/json', 'mcp-protocol-version': '2025-11-25' };
const pingBody = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** More fields than Node shows: what comes after them would be invisible to the guard. */
const padding = 'a:\r\n'.repeat(1_100);

describe('a head that hides fields', () => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await openGuard();
  });
  afterAll(() => guard.close());

  verifies(
    ['BODY-CLOSE', 'WALK-03-ONE-CREDENTIAL'],
    'is 431 and its body is not read; where Node shows the request, it is recorded',
    async () => {
      const raw = openRaw(guard.target.port);
      raw.write(
        `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: hidden\r\n${padding}Content-Length: 200000000\r\n\r\n`,
      );
      const answer = await raw.answer();
      expect(answer.status).toBe(431);
      expect(answer.headers['connection']?.toLowerCase()).toBe('close');
      await raw.closed();
      raw.destroy();
      // From version 22 on Node refuses such a head itself, before there is a request to record.
      if (Number(process.versions.node.split('.', 1)[0]) >= 22) return;
      const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === 'hidden');
      expect(record).toMatchObject({ type: 'request.refused', decision: { reason: 'too_large', httpStatus: 431 } });
    },
  );

  verifies(
    'WALK-00-ONE-RECORD',
    'an expectation other than 100-continue goes through the walk and is recorded',
    async () => {
      const raw = openRaw(guard.target.port);
      raw.write(
        'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: expecting\r\nExpect: nonsense\r\nContent-Length: 0\r\n\r\n',
      );
      expect((await raw.answer()).status).toBe(401);
      raw.destroy();
      const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === 'expecting');
      expect(record).toMatchObject({ type: 'auth.failure', decision: { reason: 'no_token' } });
    },
  );
});

describe('the answer of a good call', () => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await openGuard();
  });
  afterAll(() => guard.close());

  verifies('EDGE-LISTS-PRIVATE', 'may be kept by nobody, in both eras (A-33)', async () => {
    for (const { answer } of await guard.expectAnswered({})) {
      expect(answer.headers['cache-control']).toMatch(/\bno-store\b|\bprivate\b/);
      expect(answer.headers['cache-control']).not.toContain('public');
    }
  });
});

describe('calls of public methods', () => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await openGuard({ config: { publicMethods: ['ping'], legacy: 'handler' } });
  });
  afterAll(() => guard.close());

  verifies(
    'WALK-04-PUBLIC-METHODS',
    'learn nothing about sessions: a guessed session id without a token is 401 (H-17)',
    async () => {
      const { headers, body } = modern('tools/list');
      for (const session of ['guess', '00000000-0000-4000-8000-000000000000']) {
        const legacyHeaders = { ...ping, 'mcp-session-id': session };
        const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
        expect((await send(guard.target.url, { headers: legacyHeaders, body: message })).status).toBe(401);
        expect(
          (await send(guard.target.url, { headers: { ...headers, 'mcp-session-id': session }, body })).status,
        ).toBe(401);
      }
    },
  );

  verifies('WALK-05-PRINCIPAL-LIMIT', 'are limited by address, because each leaves two records', async () => {
    const answers = await Promise.all(
      Array.from({ length: 250 }, () => send(guard.target.url, { headers: ping, body: pingBody })),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.headers['retry-after']).toBe('1');
    expect(limited[0]?.headers['www-authenticate']).toBeUndefined();
  });
});
