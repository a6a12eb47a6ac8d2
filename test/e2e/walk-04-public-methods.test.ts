import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { publicMethods: ['server/discover', 'initialize', 'ping'] } });
});
afterAll(() => guard.close());

const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };

const open: readonly [string, Call][] = [
  ['server/discover', { rpc: ['server/discover'], eras: ['modern'] }],
  ['initialize', { rpc: ['initialize', initialize], eras: ['legacy'] }],
  ['ping', { rpc: ['ping'], eras: ['legacy'] }],
];

describe('a public method', () => {
  for (const [method, call] of open) {
    verifies('WALK-04-PUBLIC-METHODS', `is served without a token, and recorded as of nobody: ${method}`, async () => {
      const { answer, userAgent } = await guard.send({ ...call, token: null }, call.eras?.[0]);
      expect(answer.status).toBe(200);
      for (const name of ['echo', 'read-note', 'purge-notes', 'unlisted'])
        expect(answer.text).not.toContain(`"${name}"`);
      await guard.expectNextAnswered();
      const records = guard.target.records();
      const [decision, ...others] = records.filter(({ source }) => source?.userAgent === userAgent);
      expect(others).toEqual([]);
      expect(decision).toMatchObject({
        type: 'mcp.decision',
        decision: { effect: 'allow', rule: `publicMethods.${method}` },
      });
      expect(decision).not.toHaveProperty('actor');
      expect(records.filter(({ type, call: of }) => type === 'mcp.outcome' && of === decision?.call)).toHaveLength(1);
    });
  }

  verifies('WALK-04-PUBLIC-METHODS', 'with a bad token is 401 all the same', async () => {
    for (const [, call] of open) await guard.expectRefused('malformed_token', { ...call, token: 'bad' });
    await guard.expectRefused('bad_scheme', { ...open[0]?.[1], headers: { authorization: 'Basic dTpw' } });
  });
});

/** The message was read, so the refusal carries its id; still nobody is known. */
const read = { contract: { id: true } };

describe('without a token', () => {
  const closed: readonly [string, Call][] = [
    ['tools/list', { rpc: ['tools/list'] }],
    ['tools/call', {}],
    ['a tool that needs no scope', { rpc: ['tools/call', { name: 'whoami' }] }],
    ['an unknown tool', { rpc: ['tools/call', { name: 'nope' }] }],
    ['a hidden tool', { rpc: ['tools/call', { name: 'purge-notes' }] }],
    ['resources/read', { rpc: ['resources/read', { uri: 'config:///server' }] }],
    ['prompts/list', { rpc: ['prompts/list'] }],
    ['an unknown method', { rpc: ['admin/x'] }],
    ['a method that is spelled in upper case', { rpc: ['PING'] }],
    ['subscriptions/listen', { rpc: ['subscriptions/listen', { notifications: {} }], eras: ['modern'] }],
  ];
  for (const [name, call] of closed) {
    verifies('WALK-04-PUBLIC-METHODS', `${name} is 401 with the challenge of a sign-in`, async () => {
      await guard.expectRefused('no_token', { ...call, token: null }, read);
    });
  }

  verifies('WALK-04-PUBLIC-METHODS', 'a header that lies about the method opens nothing', async () => {
    const headers = { 'mcp-method': 'ping' };
    await guard.expectRefused(
      'header_mismatch',
      { headers, token: null, eras: ['modern'] },
      { contract: { actor: false } },
    );
    await guard.expectRefused('no_token', { headers, token: null, eras: ['legacy'] }, read);
  });

  verifies('WALK-04-PUBLIC-METHODS', 'a public method in a batch opens nothing', async () => {
    const body = '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]';
    await guard.expectRefused('batch_refused', { body, token: null }, { contract: { actor: false } });
  });

  verifies('WALK-04-PUBLIC-METHODS', 'a public method as a duplicate key opens nothing', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"ping"}';
    await guard.expectRefused('dup_keys', { body, token: null }, { contract: { actor: false } });
  });

  verifies('WALK-04-PUBLIC-METHODS', 'a body of more than 64 KiB is 413', async () => {
    const padded = (bytes: number): string => {
      const text = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
      return text + ' '.repeat(bytes - text.length);
    };
    const call: Call = { token: null, eras: ['legacy'], body: padded(65_537) };
    await guard.expectRefused('too_large', call, { contract: { actor: false } });
    expect((await guard.send({ ...call, body: padded(65_536) }, 'legacy')).answer.status).toBe(200);
  });

  verifies('WALK-04-PUBLIC-METHODS', 'GET and DELETE are 401', async () => {
    for (const method of ['GET', 'DELETE']) await guard.expectRefused('no_token', { method, body: '', token: null });
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
