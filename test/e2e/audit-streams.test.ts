import type { AuditRecord } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { modern } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { waitFor } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { clockSkewSeconds: 0 } });
});
afterAll(() => guard.close());

const open = (token: string) =>
  openCall(guard.target.url, modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, { token }));
const streams = (subject: string): AuditRecord[] =>
  guard.target.records().filter(({ type, actor }) => type.startsWith('stream.') && actor?.sub === subject);

const endings: readonly [string, string, (leave: () => void) => void, number?][] = [
  ['its client goes away', 'disconnected', (leave) => leave()],
  ['its token ends', 'expired', () => undefined, 3],
];

describe('a stream that is listened to', () => {
  for (const [name, reason, end, lifetime = 300] of endings) {
    verifies('G-17', `leaves one record when it opens and one when ${name} (G-17)`, async () => {
      const exp = Math.floor(Date.now() / 1000) + lifetime;
      const token = await guard.token({ subject: reason, scopes: ['notes:read'], claims: { exp } });
      const stream = open(token);
      await waitFor(() => stream.status(), 'the stream to open');
      await waitFor(() => streams(reason)[0], 'its record');
      expect(streams(reason).map(({ type }) => type)).toEqual(['stream.opened']);
      end(() => stream.leave());
      await waitFor(() => streams(reason)[1], 'the record of its end');
      await guard.expectNextAnswered();
      const [opened, closed, ...more] = streams(reason);
      expect(more).toEqual([]);
      expect(closed).toMatchObject({ type: 'stream.closed', call: opened?.call as string, detail: { reason } });
    });
  }
});
