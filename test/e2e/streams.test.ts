import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { legacy, modern, send, type SendOptions } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { clockSkewSeconds: 1, legacy: 'handler' } });
});
afterAll(() => guard.close());

const info = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } };

/** The GET of a session that was opened with the same token. */
async function get(token: string): Promise<SendOptions> {
  const { headers: opened } = await send(guard.target.url, legacy('initialize', info, { token }));
  const session = guard.watch(String(opened['mcp-session-id']));
  const { headers } = legacy('ping', {}, { token, headers: { 'mcp-session-id': session } });
  return { method: 'GET', headers: { ...headers, accept: 'text/event-stream', 'content-type': undefined } };
}

const streams: readonly [string, (token: string) => SendOptions | Promise<SendOptions>][] = [
  [
    'subscriptions/listen',
    (token) => modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, { token }),
  ],
  ['the GET of a session', get],
];

describe('a stream that is open when its token expires', () => {
  for (const [name, request] of streams) {
    verifies(
      ['EDGE-STREAM-EXPIRED', 'WALK-11-STREAM'],
      `is closed, and the record says why: ${name} (F-58)`,
      async () => {
        const subject = `expiring ${name}`;
        const token = await guard.token({ subject, scopes: [], expiresInSeconds: 2 });
        const stream = openCall(guard.target.url, await request(token));
        expect(await stream.ended).toBe(200);
        const closed = await guard.target.waitForRecord(
          ({ type, actor }) => type === 'stream.closed' && actor?.sub === subject,
        );
        expect(closed.detail).toEqual({ reason: 'expired' });
        const types = guard.target.records().flatMap(({ type, call }) => (call === closed.call ? [type] : []));
        expect(types).toEqual(['mcp.decision', 'stream.opened', 'mcp.outcome', 'stream.closed']);
        expect((await send(guard.target.url, modern('tools/list', {}, { token }))).status).toBe(401);
      },
    );
  }
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
