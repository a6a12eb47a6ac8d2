import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { modern, send } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const secretWord = 'alice.private@example.com';

const contexts: readonly [string, Record<string, unknown>][] = [
  ['no trace context', { traceparent: 'rubbish', tracestate: secretWord }],
  ['a line feed', { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\r\nlevel=info` }],
  ['ten kilobytes', { traceparent: `00-${'a'.repeat(10_000)}`, tracestate: `v=${'x'.repeat(10_000)}` }],
  ['zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
  ['another type', { traceparent: { a: secretWord }, tracestate: [secretWord] }],
];

describe('trace context that is', () => {
  for (const [name, meta] of contexts) {
    verifies('G-25', `${name} is dropped, in _meta and in headers (G-25)`, async () => {
      const headers = { traceparent: 'rubbish', tracestate: secretWord, baggage: `user=${secretWord}` };
      const rpc = [
        'tools/call',
        { name: 'echo', arguments: { text: 'x' }, _meta: { ...meta, baggage: secretWord } },
      ] as const;
      const { answer, userAgent } = await guard.send({ rpc, headers });
      expect(answer.status).toBe(200);
      const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
      expect(record).not.toHaveProperty('trace');
      const outcome = await guard.target.waitForRecord(
        ({ type, call }) => type === 'mcp.outcome' && call === record.call,
      );
      expect(JSON.stringify([record, outcome])).not.toContain(secretWord);
      expect(guard.target.stderr()).not.toContain(secretWord);
    });
  }
});

describe('an attempt', () => {
  verifies(['G-26', 'WALK-00-ONE-RECORD'], 'has an id of the server, whatever ids clients give (G-26)', async () => {
    const ids = ['same', 'same', 'a\r\nb', 'x'.repeat(1_000), '\u2028\u001b[31m'];
    const calls: string[] = [];
    for (const [index, id] of ids.entries()) {
      const token = await guard.token({ subject: `user-${index}`, scopes: ['echo:call'] });
      const headers = {
        'user-agent': guard.userAgent(),
        'x-request-id': id.length > 100 ? 'mine'.repeat(2_500) : 'mine',
        'x-correlation-id': 'mine',
      };
      const request = modern('tools/call', { name: 'echo', arguments: { text: 'x' } }, { token, id, headers });
      expect((await send(guard.target.url, request)).json?.id).toBe(id);
      const record = await guard.target.waitForRecord(({ actor }) => actor?.sub === `user-${index}`);
      expect(record.call).toMatch(uuid);
      expect(JSON.stringify(record)).not.toContain('mine');
      const recorded = String(record.mcp?.requestId);
      expect(recorded.length).toBeLessThanOrEqual(512);
      if (id.length <= 512) expect(recorded).toBe(id);
      else expect(recorded).toContain('1000 characters');
      calls.push(record.call ?? '');
    }
    expect(new Set(calls).size).toBe(ids.length);
  });

  verifies(
    'G-27',
    'is recorded with the address of the connection, not with one that the caller wrote (G-27)',
    async () => {
      const headers = {
        'x-forwarded-for': '1.2.3.4',
        forwarded: 'for=1.2.3.4',
        'x-real-ip': '1.2.3.4',
        'true-client-ip': '1.2.3.4',
      };
      const { userAgent } = await guard.send({ headers });
      const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
      expect(record.source?.ip).toBe('127.0.0.1');
      expect(JSON.stringify(record)).not.toContain('1.2.3.4');
    },
  );
});
