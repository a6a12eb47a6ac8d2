import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { legacy, modern } from './support/mcp-request.ts';
import { openRaw, rawMessage } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
let powerless = '';
beforeAll(async () => {
  guard = await openGuard();
  powerless = await guard.token({ subject: 'nobody', scopes: [] });
});
afterAll(() => guard.close());

/** Numbers from 0 to below `end`, the same in every run (a linear congruential generator, Numerical Recipes). */
function createDice(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

const snippets = [
  ...[
    '\0',
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    ' ',
    '\t',
    '"',
    '\\',
    ',',
    ';',
    ':',
    '=',
    '{',
    '}',
    '[',
    ']',
    '%00',
    '\xff',
    '\x80',
  ],
  ...[
    '__proto__',
    'null',
    'Bearer ',
    'Authorization: Bearer x\r\n',
    'Transfer-Encoding: chunked\r\n',
    '1e999',
    '-',
    '0',
  ],
  ...[
    '=?base64?',
    '?=',
    'Origin: null\r\n',
    'Host: evil\r\n',
    '"id":{},',
    '"method":"tools/call",',
    'HTTP/1.1',
    '\ufeff',
  ],
];

/** A call that nobody may make, with a few bytes removed, doubled or put in somewhere. */
function damaged(dice: (end: number) => number): string {
  const make = dice(2) === 0 ? modern : legacy;
  const name = dice(2) === 0 ? 'echo' : 'write-note';
  let text = rawMessage(make('tools/call', { name, arguments: { text: 'x', id: '1' } }, { token: powerless }));
  for (let i = dice(3); i >= 0; i -= 1) {
    const at = dice(text.length);
    const end = at + dice(12);
    const cut = [
      text.slice(end),
      text.slice(at, end) + text.slice(at),
      (snippets[dice(snippets.length)] ?? '') + text.slice(at),
    ];
    text = text.slice(0, at) + (cut[dice(3)] ?? '');
  }
  return text;
}

/** Sends bytes and gives the status of the answer, or `undefined` when the server waits for more. */
async function statusOf(bytes: string): Promise<number | undefined> {
  const raw = openRaw(guard.target.port);
  raw.write(bytes);
  // What follows ends every request that is still open.
  raw.socket.end();
  const answer = await raw.answer().catch(() => undefined);
  raw.destroy();
  return answer?.status;
}

describe('whatever is sent', () => {
  verifies(
    ['WALK-00-ONE-RECORD', 'REFUSAL-NOTHING-RAN', 'REFUSAL-NEXT-REQUEST'],
    'damaged requests run nothing, break nothing and are never a 500 (I-17)',
    async () => {
      const dice = createDice(20_260_728);
      const before = guard.target.effects().length;
      const statuses = new Map<number | undefined, number>();
      for (let round = 0; round < 25; round += 1) {
        const answered = await Promise.all(Array.from({ length: 10 }, () => statusOf(damaged(dice))));
        for (const status of answered) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      // Damage that does not matter leaves a call that is refused for its scope; nothing else may be a success.
      expect([...statuses.keys()].filter((status) => status !== undefined && status >= 500)).toEqual([]);
      expect(statuses.get(403)).toBeGreaterThan(0);
      expect(statuses.get(400)).toBeGreaterThan(0);
      await guard.expectNextAnswered();
      expect(guard.target.effects()).toHaveLength(before + 1);
      const reasons = new Set(guard.target.records().flatMap(({ decision }) => decision?.reason ?? []));
      expect(reasons).not.toContain('internal_error');
      expect(reasons).not.toContain('guard_missing');
    },
  );

  verifies(
    ['WALK-00-ONE-RECORD', 'BODY-INCOMPLETE'],
    'clients that leave at any moment leave nothing behind but their records (I-18)',
    async () => {
      const dice = createDice(1);
      const token = await guard.token({ subject: 'leaving', scopes: ['echo:call'] });
      const whole = rawMessage(modern('tools/call', { name: 'echo', arguments: { text: 'x' } }, { token }));
      for (let i = 0; i < 60; i += 1) {
        const raw = openRaw(guard.target.port);
        raw.write(whole.slice(0, dice(whole.length)));
        await new Promise((resolve) => setTimeout(resolve, dice(6)));
        raw.socket.resetAndDestroy();
      }
      await guard.expectNextAnswered();
      expect(guard.target.effects().filter(({ sub }) => sub === 'leaving')).toEqual([]);
    },
  );
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
