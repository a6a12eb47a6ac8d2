import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { legacy } from './support/mcp-request.ts';
import { exchange, openRaw, rawMessage, rawRequest } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

describe('a path that Express would take for the endpoint', () => {
  for (const target of ['/mcp/', '/MCP', '/Mcp/', '/mcp/?x=1', '/MCP?x=1']) {
    verifies('WALK-02-EXACT-PATH', `is 404 with a good token: ${target} (F-90)`, async () => {
      await guard.expectRefused('path_not_found', { target });
    });
  }

  verifies('WALK-02-EXACT-PATH', 'is 404 without a token, and not 401 (F-90)', async () => {
    await guard.expectRefused('path_not_found', { target: '/mcp/', token: null });
  });

  verifies('WALK-02-EXACT-PATH', 'is 404 for every method', async () => {
    for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS']) {
      await guard.expectRefused('path_not_found', { target: '/MCP', method, body: '', eras: ['modern'] });
    }
    const bodiless: Call = { target: '/mcp/', method: 'HEAD', body: '', eras: ['modern'] };
    await guard.expectRefused('path_not_found', bodiless, { bodiless: true });
  });
});

const otherPaths = [
  ...['//mcp', '/%6dcp', '/mcp%2f', '/mcp%2F', '/mcp/.', '/./mcp', '/x/../mcp', '/mcp;a=b', '/mcp%00', '/mcp\\'],
  ...['/mcp/x', '/mcp/server-card/x', '/mcp%20', '/mcp%', '/mcp?/../x/', '\\mcp', '/mcp#x'],
  ...['http://localhost//mcp', 'http://localhost', 'localhost:80', '*', 'ftp://localhost/mcp'],
];

describe('a path that is not the endpoint', () => {
  for (const target of otherPaths) {
    verifies('WALK-02-EXACT-PATH', `runs nothing without a token: ${target} (F-91)`, async () => {
      const before = guard.target.effects().length;
      const { answer } = await guard.send({ target, token: null });
      expect([400, 401, 403, 404]).toContain(answer.status);
      await guard.expectNextAnswered();
      expect(guard.target.effects()).toHaveLength(before + 1);
    });
  }
});

for (const target of ['/mcp?x=1', '/mcp?', 'http://localhost/mcp?x=/mcp/']) {
  verifies('WALK-02-EXACT-PATH', `a query does not change the path: ${target}`, async () => {
    await guard.expectAnswered({ target });
  });
}

const allow = { headers: { allow: 'POST' } };

describe('a method that nothing serves', () => {
  for (const method of ['PUT', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND', 'SEARCH']) {
    verifies('WALK-02-METHODS', `is 405 with Allow, with and without a token: ${method} (F-75)`, async () => {
      await guard.expectRefused('method_not_allowed', { method }, allow);
      await guard.expectRefused('method_not_allowed', { method, token: null }, allow);
    });
  }

  verifies('WALK-02-METHODS', 'is 405 without a body: HEAD (F-75)', async () => {
    await guard.expectRefused('method_not_allowed', { method: 'HEAD', body: '' }, { ...allow, bodiless: true });
  });

  verifies('WALK-02-METHODS', 'has no way in by another name of the method (F-78)', async () => {
    for (const headers of [{ 'x-http-method-override': 'DELETE' }, { 'x-http-method': 'PUT' }]) {
      await guard.expectAnswered({ headers, target: '/mcp?_method=DELETE' });
    }
    const headers = { 'x-http-method-override': 'POST' };
    await guard.expectRefused('method_not_allowed', { method: 'PUT', headers }, allow);
  });

  verifies('WALK-02-METHODS', 'is turned away by Node when it is no method: post, CONNECT (F-75)', async () => {
    const before = guard.target.effects().length;
    const message = legacy('tools/call', { name: 'whoami' }, { token: guard.good });
    const lowerCase = rawMessage(message, ['Host: localhost'], 'post /mcp HTTP/1.1');
    expect((await exchange(guard.target.port, lowerCase)).status).toBe(400);
    const raw = openRaw(guard.target.port);
    raw.write('CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await raw.closed();
    raw.destroy();
    await guard.expectNextAnswered();
    expect(guard.target.effects()).toHaveLength(before + 1);
  });
});

describe('GET and DELETE, which are not served here', () => {
  for (const method of ['GET', 'DELETE']) {
    verifies('WALK-02-GET-AFTER-AUTH', `are 401 without a token: ${method} (F-73, F-74)`, async () => {
      await guard.expectRefused('no_token', { method, token: null, body: '' });
    });

    verifies('WALK-02-GET-AFTER-AUTH', `are 405 with Allow for a known caller: ${method} (F-73, F-74)`, async () => {
      await guard.expectRefused('method_not_allowed', { method, body: '' }, { ...allow, contract: { actor: true } });
    });

    verifies('WALK-02-GET-AFTER-AUTH', `are 405 with a body too, and whatever the session: ${method}`, async () => {
      const headers = { 'mcp-session-id': 'guess', 'last-event-id': '1', 'content-length': '2' };
      const call = { method, headers, body: '{}' };
      await guard.expectRefused('method_not_allowed', call, { ...allow, contract: { actor: true } });
    });
  }
});

const upgrades = [
  ['websocket', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'],
  ['h2c', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA'],
] as const;

describe('an upgrade', () => {
  for (const [name, ...lines] of upgrades) {
    for (const path of ['/mcp', '/MCP', '/mcp/', '/']) {
      verifies(
        'WALK-02-UPGRADE',
        `to ${name} at ${path} is ignored: the request is refused as any other (F-109)`,
        async () => {
          const before = guard.target.effects().length;
          const request = ['Host: localhost', 'Connection: Upgrade', ...lines];
          const answer = await exchange(guard.target.port, rawRequest(`GET ${path} HTTP/1.1`, request));
          expect([401, 404]).toContain(answer.status);
          expect(answer.headers).not.toHaveProperty('upgrade');
          await guard.expectNextAnswered();
          expect(guard.target.effects()).toHaveLength(before + 1);
        },
      );
    }
  }

  verifies(
    'WALK-02-UPGRADE',
    'in a good call changes nothing, and what follows it is not a channel (F-109)',
    async () => {
      const lines = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'];
      const raw = openRaw(guard.target.port);
      raw.write(rawMessage(legacy('ping', {}, { token: guard.good }), lines));
      expect((await raw.answer()).status).toBe(200);
      raw.write(rawRequest('POST /mcp HTTP/1.1', ['Host: localhost', 'Content-Type: application/json'], '{}'));
      expect((await raw.answer()).status).toBe(401);
      raw.destroy();
    },
  );
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
