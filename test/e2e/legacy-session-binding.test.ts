import { afterAll, beforeAll, describe, expect } from 'vitest';
import { send, type SendOptions } from './support/mcp-request.ts';
import { openSessions, type Caller, type Sessions } from './support/sessions.ts';
import { verifies } from './support/verifies.ts';

let sessions: Sessions;
beforeAll(async () => {
  sessions = await openSessions();
});
afterAll(() => sessions.close());

const response = '{"jsonrpc":"2.0","id":1,"result":{}}';
const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';

const onASession: readonly [string, (who: Caller, session: string) => SendOptions][] = [
  ['a call', (who, session) => sessions.call(who, session, 'whoami')],
  ['a list', (who, session) => sessions.post(who, session, 'tools/list')],
  ['a notification', (who, session) => sessions.raw(who, session, cancelled)],
  ['a response', (who, session) => sessions.raw(who, session, response)],
  ['GET', (who, session) => sessions.bare(who, session, 'GET')],
  ['DELETE', (who, session) => sessions.bare(who, session, 'DELETE')],
];

describe('with a session of somebody else', () => {
  for (const [name, request] of onASession) {
    verifies(
      ['LEGACY-SESSION-BOUND', 'LEGACY-RESPONSES'],
      `${name} gets the same 404 as with one that does not exist (H-02, H-03)`,
      async () => {
        const { target, open, call } = sessions;
        const session = await open('alice');
        const before = { effects: target.effects().length, records: target.records().length };
        const attempts: readonly [Caller, string][] = [
          ['bob', session],
          ['alice with another client', session],
          ['bob', '00000000-0000-4000-8000-000000000000'],
          ['alice', 'x'.repeat(500)],
        ];
        const answers = [];
        for (const [who, id] of attempts) answers.push(await send(target.url, request(who, id)));
        const seen = answers.map(({ status, text, headers: { date: _date, ...headers } }) => ({
          status,
          text,
          headers,
        }));
        expect(seen).toEqual(answers.map(() => seen[0]));
        expect(seen[0]).toMatchObject({ status: 404 });
        expect(seen[0]?.text).toContain('ERR_SESSION_NOT_FOUND');
        // Its owner still has it.
        expect((await send(target.url, call('alice', session, 'whoami'))).status).toBe(200);
        expect(target.effects()).toHaveLength(before.effects + 1);
        const reasons = target
          .records()
          .slice(before.records)
          .flatMap(({ decision }) => decision?.reason ?? []);
        expect(reasons).toEqual(['cross_principal', 'cross_principal', 'session_unknown', 'session_unknown']);
      },
    );
  }
});

describe('a session id', () => {
  verifies('LEGACY-SESSION-BOUND', 'of a new session is chosen by nobody (H-05)', async () => {
    const victim = await sessions.open('alice');
    expect(await sessions.open('bob', victim)).not.toBe(victim);
    expect(await sessions.open('bob', 'my-own-choice')).not.toBe('my-own-choice');
    expect((await send(sessions.target.url, sessions.call('alice', victim, 'whoami'))).status).toBe(200);
    expect((await send(sessions.target.url, sessions.call('bob', victim, 'whoami'))).status).toBe(404);
  });

  verifies('LEGACY-SESSION-BOUND', 'sent twice is none, even the same one', async () => {
    const session = await sessions.open('alice');
    const call = sessions.call('alice', session, 'whoami');
    const answer = await send(sessions.target.url, {
      ...call,
      headers: { ...call.headers, 'mcp-session-id': [session, session] },
    });
    expect(answer.status).toBe(404);
  });

  verifies(
    'LEGACY-SESSION-BOUND',
    'belongs to whoever has the same issuer, subject and client, with any token',
    async () => {
      const session = await sessions.open('alice');
      expect(
        (await send(sessions.target.url, sessions.call('alice with fewer scopes', session, 'whoami'))).status,
      ).toBe(200);
    },
  );

  verifies('WALK-00-NO-SECRET', 'is in no record and not in the log', async () => {
    const { target, ids, call, open } = sessions;
    await send(target.url, call('alice', await open('alice'), 'whoami'));
    const text = JSON.stringify(target.records()) + target.stderr();
    expect(ids.length).toBeGreaterThan(5);
    expect(ids.filter((session) => text.includes(session))).toEqual([]);
  });
});

verifies('LEGACY-RESPONSES', 'a posted response passes only on a session its sender owns (F-45)', async () => {
  const session = await sessions.open('alice');
  expect((await send(sessions.target.url, sessions.raw('alice', session, response))).status).toBe(202);
  const without = await send(sessions.target.url, sessions.raw('alice', undefined, response));
  expect(without).toMatchObject({ status: 400, json: { error: { data: { code: 'ERR_SESSION_RESPONSE_REFUSED' } } } });
});
