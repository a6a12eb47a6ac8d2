import { afterAll, beforeAll, describe, expect } from 'vitest';
import { modern, send, streamMessages } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { sdkCases } from './support/sdk-clients.ts';
import { openSessions, type Caller, type Sessions } from './support/sessions.ts';
import { waitFor } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let sessions: Sessions;
beforeAll(async () => {
  sessions = await openSessions();
});
afterAll(() => sessions.close());

describe('a sessionful handler behind the guard', () => {
  verifies('LEGACY-HANDLER', 'serves calls, streams, GET and DELETE of a session, which is then gone', async () => {
    const { target, open, post, call, bare } = sessions;
    const session = await open('alice');
    expect((await send(target.url, call('alice', session, 'echo', { text: 'héllo' }))).text).toContain('héllo');
    const sleep = { name: 'sleep', arguments: { ms: 20, progress: true }, _meta: { progressToken: 'p' } };
    const stream = await send(target.url, post('alice', session, 'tools/call', sleep));
    expect(streamMessages(stream.text).length).toBeGreaterThan(1);

    const listening = openCall(target.url, bare('alice', session, 'GET'));
    expect(await waitFor(() => listening.status(), 'the head of the GET stream')).toBe(200);
    expect((await send(target.url, call('alice', session, 'whoami'))).status).toBe(200);

    expect((await send(target.url, bare('alice', session, 'DELETE'))).status).toBe(200);
    await listening.ended;
    for (const request of [
      call('alice', session, 'whoami'),
      bare('alice', session, 'GET'),
      bare('alice', session, 'DELETE'),
    ]) {
      expect((await send(target.url, request)).status).toBe(404);
    }
  });

  verifies(
    'LEGACY-HANDLER',
    'leaves the begin and end of sessions and streams in the log, of their owner',
    async () => {
      const { target, open, bare } = sessions;
      const session = await open('bob');
      const listening = openCall(target.url, bare('bob', session, 'GET'));
      await waitFor(() => listening.status(), 'the head of the GET stream');
      expect((await send(target.url, bare('bob', session, 'DELETE'))).status).toBe(200);
      await listening.ended;
      await target.waitForRecord(({ type, actor }) => type === 'stream.closed' && actor?.sub === 'bob');
      const left = target
        .records()
        .filter(({ type, actor }) => /^(session|stream)\./.test(type) && actor?.sub === 'bob');
      expect(left.map(({ type }) => type).toSorted()).toEqual([
        'session.created',
        'session.ended',
        'stream.closed',
        'stream.opened',
      ]);
    },
  );

  verifies('LEGACY-HANDLER', 'leaves modern calls alone, which need no session and get none', async () => {
    const { target, open, token } = sessions;
    const headers = { 'mcp-session-id': await open('alice') };
    const answer = await send(target.url, modern('tools/call', { name: 'whoami' }, { token: token('bob'), headers }));
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"sub":"bob"');
    expect(answer.headers).not.toHaveProperty('mcp-session-id');
  });
});

describe('on a session the current token decides', () => {
  verifies(['EDGE-LISTS-FILTERED', 'LEGACY-CURRENT-SCOPES'], 'what a list shows (H-09)', async () => {
    const { target, open, post } = sessions;
    const session = await open('alice');
    const seen = async (who: Caller): Promise<string[]> => {
      const answer = await send(target.url, post(who, session, 'tools/list'));
      const { result } = answer.json ?? streamMessages(answer.text).at(-1) ?? {};
      return (result?.['tools'] as { name: string }[] | undefined)?.map(({ name }) => name) ?? [];
    };
    const all = ['whoami', 'echo', 'read-note', 'write-note', 'confirm-delete', 'sleep', 'crash'];
    expect(await seen('alice')).toEqual(all);
    expect(await seen('alice with fewer scopes')).toEqual(['whoami', 'read-note']);
    expect(await seen('alice')).toEqual(all);
  });

  verifies('LEGACY-CURRENT-SCOPES', 'what may be called (H-09)', async () => {
    const { target, open, call } = sessions;
    const session = await open('alice');
    const note = { id: 'h-09', text: 'x' };
    expect((await send(target.url, call('alice', session, 'write-note', note))).status).toBe(200);
    const before = target.effects().length;
    const refused = await send(target.url, call('alice with fewer scopes', session, 'write-note', note));
    expect(refused.status).toBe(403);
    expect(refused.headers['www-authenticate']).toContain('scope="notes:write"');
    const tokenless = call('alice', session, 'whoami');
    const anonymous = await send(target.url, {
      ...tokenless,
      headers: { ...tokenless.headers, authorization: undefined },
    });
    expect(anonymous.status).toBe(401);
    expect(target.effects()).toHaveLength(before);
  });
});

describe('a real client with a session', () => {
  for (const { name, create } of sdkCases.filter(({ era }) => era === 'legacy')) {
    verifies(['LEGACY-HANDLER', 'LEGACY-SAME-POLICY'], `connects, lists, calls and is refused: ${name}`, async () => {
      const client = create(sessions.target.url, sessions.token('alice with fewer scopes'));
      await client.connect();
      expect(await client.tools()).toEqual(['whoami', 'read-note']);
      expect(await client.call('read-note', { id: '1' })).toBe('The first note.');
      expect(await client.read('note:///2')).toContain('milk');
      expect(await client.prompt('summarize')).toContain('Summarize');
      await expect(client.call('write-note', { id: '1', text: 'x' })).rejects.toThrow(/403|notes:write/);
      await client.close();
    });
  }
});
