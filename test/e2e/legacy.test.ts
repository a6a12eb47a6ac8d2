import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { legacy, modern, send, streamMessages, type Answer, type SendOptions } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let target: Target;
let rejecting: Target;
const tokens = new Map<string, string>();
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  target = await startTarget({ issuer: idp.issuer });
  rejecting = await startTarget({ issuer: idp.issuer, config: { legacy: 'reject' } });
  for (const scopes of ['', 'notes:read', 'notes:admin', 'echo:call config:read']) {
    tokens.set(scopes, await idp.mintToken({ subject: 'caller', scopes: scopes.split(' ').filter(Boolean) }));
  }
});
afterAll(async () => {
  await target.remove();
  await rejecting.remove();
  await idp.close();
});

const reader = (): string => tokens.get('notes:read') ?? '';
const messageOf = (answer: Answer): { result?: Record<string, unknown>; error?: unknown } | undefined =>
  answer.json ?? streamMessages(answer.text).at(-1);
const initialize = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'e2e', version: '1' },
};

describe('for a 2025-era call the body decides', () => {
  const write = { name: 'write-note', arguments: { id: '1', text: 'x' } };
  const read = { name: 'read-note', arguments: { id: '1' } };

  verifies('LEGACY-BODY-DECIDES', 'when its headers name a tool the caller may use (F-26)', async () => {
    const headers = { 'mcp-name': 'read-note', 'mcp-method': 'tools/list' };
    const before = target.effects().length;
    const answer = await send(target.url, legacy('tools/call', write, { token: reader(), id: 'lies', headers }));
    expect(answer.status).toBe(403);
    expect(target.effects()).toHaveLength(before);
    const record = await target.waitForRecord(({ mcp }) => mcp?.requestId === 'lies');
    expect(record).toMatchObject({ target: { name: 'write-note' }, mcp: { method: 'tools/call', era: 'legacy' } });
  });

  verifies('LEGACY-BODY-DECIDES', 'when its headers name a tool the caller may not use, or are malformed', async () => {
    for (const name of ['write-note', 'purge-notes', '=?base64?!?=']) {
      const headers = { 'mcp-name': name, 'mcp-method': name };
      const answer = await send(target.url, legacy('tools/call', read, { token: reader(), headers }));
      expect(answer.status).toBe(200);
    }
  });

  verifies(
    ['LEGACY-BODY-DECIDES', 'LEGACY-SAME-POLICY'],
    'under every version there was, and without a version (F-27)',
    async () => {
      for (const version of ['2025-11-25', '2025-06-18', '2025-03-26', undefined]) {
        const headers = { 'mcp-protocol-version': version };
        const allowed = await send(target.url, legacy('tools/call', read, { token: reader(), headers }));
        const refused = await send(target.url, legacy('tools/call', write, { token: reader(), headers }));
        expect([allowed.status, refused.status]).toEqual([200, 403]);
      }
    },
  );
});

const everything: readonly [string, Record<string, unknown>][] = [
  ['tools/call', { name: 'whoami', arguments: {} }],
  ['tools/call', { name: 'echo', arguments: { text: 'x' } }],
  ['tools/call', { name: 'read-note', arguments: { id: '1' } }],
  ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }],
  ['tools/call', { name: 'purge-notes', arguments: {} }],
  ['tools/call', { name: 'transfer', arguments: { amount: 1, currency: 'EUR' } }],
  ['tools/call', { name: 'unlisted', arguments: {} }],
  ['tools/call', { name: 'nope', arguments: {} }],
  ['resources/read', { uri: 'note:///1' }],
  ['resources/read', { uri: 'config:///server' }],
  ['resources/read', { uri: 'file:///x' }],
  ['prompts/get', { name: 'summarize' }],
  ['prompts/get', { name: 'nope' }],
];

describe('a 2025-era call is authorized like a modern one', () => {
  for (const scopes of ['', 'notes:read', 'notes:admin', 'echo:call config:read']) {
    verifies('LEGACY-SAME-POLICY', `with the scopes "${scopes}"`, async () => {
      const token = tokens.get(scopes) ?? '';
      for (const [method, params] of everything) {
        const verdicts = [];
        for (const make of [modern, legacy]) {
          const before = target.effects().length;
          const answer = await send(target.url, make(method, params, { token }));
          verdicts.push({
            status: answer.status,
            error: messageOf(answer)?.error,
            ran: target.effects().length - before,
          });
        }
        expect(verdicts[1]).toEqual(verdicts[0]);
      }
    });
  }
});

describe('with legacy "stateless"', () => {
  verifies(
    'LEGACY-STATELESS',
    'a client connects and calls without a session, and none is minted (H-01, H-05)',
    async () => {
      const headers = { 'mcp-session-id': 'a-guess' };
      for (const request of [
        legacy('initialize', initialize, { token: reader(), headers }),
        {
          ...legacy('', {}, { token: reader(), headers }),
          body: '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        },
        legacy('tools/list', {}, { token: reader(), headers }),
        legacy('tools/call', { name: 'read-note', arguments: { id: '1' } }, { token: reader(), headers }),
        modern('tools/call', { name: 'read-note', arguments: { id: '1' } }, { token: reader(), headers }),
      ]) {
        const answer = await send(target.url, request);
        expect([200, 202]).toContain(answer.status);
        expect(answer.headers).not.toHaveProperty('mcp-session-id');
        expect(answer.text).not.toContain('a-guess');
      }
      expect(JSON.stringify(target.records()) + target.stderr()).not.toContain('a-guess');
    },
  );

  verifies('LEGACY-STATELESS', 'GET and DELETE of a session are 405 (F-73, F-74)', async () => {
    for (const method of ['GET', 'DELETE']) {
      const headers = { authorization: `Bearer ${reader()}`, 'mcp-session-id': 'a-guess', accept: 'text/event-stream' };
      const answer = await send(target.url, { method, headers });
      expect(answer.status).toBe(405);
      expect(answer.headers).toMatchObject({ allow: 'POST' });
      expect(answer.headers).not.toHaveProperty('mcp-session-id');
    }
  });

  verifies('LEGACY-RESPONSES', 'a posted response is refused (F-45)', async () => {
    for (const body of [
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}',
    ]) {
      const answer = await send(target.url, {
        ...legacy('', {}, { token: reader(), headers: { 'mcp-session-id': 'x' } }),
        body,
      });
      expect(answer).toMatchObject({
        status: 400,
        json: { error: { code: -32_600, data: { code: 'ERR_SESSION_RESPONSE_REFUSED' } } },
      });
    }
  });
});

const ofTheOldEra: readonly [string, () => SendOptions][] = [
  ['a call', () => legacy('tools/call', { name: 'whoami', arguments: {} }, { token: reader() })],
  [
    'a call without a version',
    () => legacy('tools/call', { name: 'whoami' }, { token: reader(), headers: { 'mcp-protocol-version': undefined } }),
  ],
  ['initialize', () => legacy('initialize', initialize, { token: reader() })],
  ['a list', () => legacy('tools/list', {}, { token: reader() })],
];

describe('with legacy "reject"', () => {
  for (const [name, request] of ofTheOldEra) {
    verifies('LEGACY-REJECT', `${name} of a 2025-era client is refused with the supported versions`, async () => {
      const answer = await send(rejecting.url, request());
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({
        id: 1,
        error: { code: -32_022, data: { code: 'ERR_REQUEST_UNSUPPORTED_VERSION', supported: ['2026-07-28'] } },
      });
      expect(rejecting.effects()).toEqual([]);
    });
  }

  verifies(
    'LEGACY-REJECT',
    'a modern call is served, and an unauthenticated client learns nothing of versions',
    async () => {
      expect((await send(rejecting.url, legacy('initialize', initialize))).status).toBe(401);
      expect(
        (await send(rejecting.url, { method: 'GET', headers: { authorization: `Bearer ${reader()}` } })).status,
      ).toBe(405);
      expect((await send(rejecting.url, modern('tools/call', { name: 'whoami' }, { token: reader() }))).status).toBe(
        200,
      );
    },
  );
});
