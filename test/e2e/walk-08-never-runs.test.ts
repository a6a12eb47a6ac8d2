import { afterAll, beforeAll, describe } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const tool = (name: string, args: Record<string, unknown> = {}): Call => ({
  rpc: ['tools/call', { name, arguments: args }],
});
const note = { id: '7', text: 'x' };

describe('a call sent as a notification', () => {
  const asNotification = (params: object): string => JSON.stringify({ jsonrpc: '2.0', method: 'tools/call', params });
  const args = { name: 'echo', arguments: { text: 'x' } };

  verifies('WALK-08-NOTIFICATION', 'is refused and never runs, with its scope (F-43)', async () => {
    await guard.expectRefused('notification_refused', {
      ...tool('echo'),
      body: asNotification(args),
      eras: ['legacy'],
    });
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const body = asNotification({ ...args, _meta });
    await guard.expectRefused('notification_refused', { ...tool('echo'), body, eras: ['modern'] });
  });

  verifies('WALK-08-NOTIFICATION', 'is 403 without its scope and 401 without a token (F-43)', async () => {
    const body = asNotification({ name: 'write-note', arguments: note });
    const contract = { id: false };
    await guard.expectRefused(
      'insufficient_scope',
      { ...tool('write-note'), body, eras: ['legacy'] },
      { contract, scope: 'notes:write' },
    );
    await guard.expectRefused('no_token', { ...tool('write-note'), body, token: null, eras: ['legacy'] });
  });
});

describe('an unknown method', () => {
  for (const method of ['admin/x', 'tools/Call', 'tools/call ', '__proto__', 'tasks/list']) {
    verifies(
      'WALK-08-UNKNOWN-METHOD',
      `is -32601, HTTP 404 or, for 2025-era clients, 200: ${JSON.stringify(method)} (F-55)`,
      async () => {
        const headers = method.endsWith(' ')
          ? { 'mcp-method': `=?base64?${Buffer.from(method).toString('base64')}?=` }
          : {};
        const eras = method.endsWith(' ') ? [] : (['modern'] as const);
        await guard.expectRefused('unknown_method', { rpc: [method], headers, eras });
        await guard.expectRefused('unknown_method', { rpc: [method], eras: ['legacy'] }, { contract: { status: 200 } });
      },
    );
  }
});

verifies('WALK-00-NO-SECRET', 'nothing of these tests leaked', () => guard.expectClean());
