import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type CallOf, type Guard, type Sent } from './support/guard.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import type { ExpectRefusalOptions } from './support/expect-refusal.ts';
import { verifies } from './support/verifies.ts';

const perPrincipal = 60;

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { rateLimits: { perPrincipal: `${perPrincipal}/h` } } });
});
afterAll(() => guard.close());

interface Expected {
  readonly status: number;
  /** Subject, when the token was good. */
  readonly sub?: string;
  /** Name of the tool, when the body was read. */
  readonly tool?: string;
}

const write = ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }] as const;
const someone = async (subject: string, scopes: string[] = []): Promise<string> => guard.token({ subject, scopes });

const kinds: readonly [string, RefusalReason, CallOf, Expected, ExpectRefusalOptions?][] = [
  ['401 without a token', 'no_token', { token: null }, { status: 401 }],
  [
    '401 for a bad one',
    'aud_mismatch',
    async ({ token }) => ({ token: await token({ resource: 'https://x.example' }) }),
    { status: 401 },
  ],
  [
    '403 for a missing scope',
    'insufficient_scope',
    async () => ({ token: await someone('bob'), rpc: write, eras: ['modern'] }),
    { status: 403, sub: 'bob', tool: 'write-note' },
    { scope: 'notes:write' },
  ],
  ['403 for an origin', 'origin_refused', { headers: { origin: 'https://evil.example' } }, { status: 403 }],
  [
    '400 −32020 for headers that lie',
    'header_mismatch',
    async () => ({ token: await someone('eve', ['echo:call']), headers: { 'mcp-name': 'whoami' }, eras: ['modern'] }),
    { status: 400, sub: 'eve' },
  ],
  [
    '400 for a batch',
    'batch_refused',
    async () => ({
      token: await someone('mal', ['echo:call']),
      body: '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
      eras: ['legacy'],
    }),
    { status: 400, sub: 'mal' },
  ],
  [
    'a tool that does not exist',
    'unknown_tool',
    async () => ({ token: await someone('tim'), rpc: ['tools/call', { name: 'nope' }], eras: ['modern'] }),
    { status: 200, sub: 'tim', tool: 'nope' },
  ],
];

describe('in the log stands', () => {
  for (const [name, reason, call, expected, options] of kinds) {
    verifies(['G-02', 'WALK-00-STATUS-RECORDED'], `${name}: reason, status, principal and tool (G-02)`, async () => {
      const records = await guard.expectRefused(reason, call, options);
      expect(records.length).toBeGreaterThan(0);
      for (const record of records) {
        expect(record.decision).toMatchObject({ effect: 'deny', reason, httpStatus: expected.status });
        expect(record.actor?.sub).toBe(expected.sub);
        expect(record.target?.name).toBe(expected.tool);
      }
    });
  }

  verifies(['G-02', 'WALK-05-PRINCIPAL-LIMIT'], '429, for each call beyond the limit (G-02)', async () => {
    const token = await someone('busy', ['echo:call']);
    const sent: Sent[] = [];
    for (let i = 0; i < perPrincipal + 3; i += 1) sent.push(await guard.send({ token }));
    await guard.target.waitForRecord(({ source }) => source?.userAgent === sent.at(-1)?.userAgent);
    const records = guard.target.records();
    const left = sent.map(({ userAgent }) => records.filter(({ source }) => source?.userAgent === userAgent));
    expect(left.map(({ length }) => length)).toEqual(sent.map(() => 1));
    const refused = left.flat().filter(({ decision }) => decision?.effect === 'deny');
    expect(refused).toHaveLength(3);
    for (const { decision, actor } of refused) {
      expect(decision).toMatchObject({ reason: 'rate_limited', httpStatus: 429 });
      expect(actor?.sub).toBe('busy');
    }
  });
});
