import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectOneRecord } from './support/expect-refusal.ts';
import { openGuard, type Call, type CallOf, type Guard } from './support/guard.ts';
import { refusals, type RefusalReason } from './support/refusal-contract.ts';
import { verifies } from './support/verifies.ts';

const perPrincipal = 250;
const app = 'https://app.example.com';

let guard: Guard;
let exhausted = '';
beforeAll(async () => {
  guard = await openGuard({
    config: { rateLimits: { perPrincipal: `${perPrincipal}/h` }, network: { allowedOrigins: [app] } },
  });
  exhausted = await guard.token({ subject: 'busy' });
  const pings = Array.from({ length: perPrincipal }, () => guard.send({ token: exhausted, rpc: ['ping'] }, 'legacy'));
  await Promise.all(pings);
});
afterAll(() => guard.close());

/** What can be wrong with one request, in the order of the stations; each is a change of the request. */
const defects: readonly [RefusalReason, Call | (() => Call)][] = [
  ['host_refused', { headers: { host: 'evil.example' } }],
  ['origin_refused', { headers: { origin: 'http://evil.example' } }],
  ['path_not_found', { target: '/mcp/' }],
  ['method_not_allowed', { method: 'PUT' }],
  ['malformed_request', { headers: { authorization: ['Bearer a', 'Bearer b'] } }],
  ['malformed_token', { headers: { authorization: 'Bearer bad' } }],
  ['rate_limited', () => ({ headers: { authorization: `Bearer ${exhausted}` } })],
  ['bad_content_type', { headers: { 'content-type': 'text/plain' } }],
  ['bad_encoding', { headers: { 'content-encoding': 'gzip' } }],
  ['header_mismatch', { headers: { 'mcp-method': 'tools/list' } }],
  ['insufficient_scope', { rpc: ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }] }],
];

/** A request with this defect and every later one. */
function withDefectsFrom(index: number): Call {
  const rest = defects.slice(index).map(([, defect]) => (typeof defect === 'function' ? defect() : defect));
  // The earliest defect of a header wins.
  const headers = Object.assign({}, ...rest.map((call) => call.headers ?? {}).reverse()) as Call['headers'];
  return { ...(Object.assign({}, ...rest.reverse()) as Call), eras: ['modern'], ...(headers && { headers }) };
}

describe('a request that fails at several stations', () => {
  for (const [index, [reason]] of defects.entries()) {
    verifies(['WALK-00-ORDER', 'WALK-00-ONE-RECORD'], `is refused by the first of them: ${reason}`, async () => {
      const scope = reason === 'insufficient_scope' ? { scope: 'notes:write' } : {};
      const contract = reason === 'rate_limited' ? { actor: true } : {};
      await guard.expectRefused(reason, () => withDefectsFrom(index), { ...scope, contract });
    });
  }
});

const kinds: readonly [RefusalReason, CallOf][] = [
  ['no_token', { token: null }],
  ['bad_scheme', { headers: { authorization: 'Basic dTpw' } }],
  ['aud_mismatch', async ({ token }) => ({ token: await token({ resource: 'https://other.example' }) })],
  ['dup_keys', { body: '{"jsonrpc":"2.0","jsonrpc":"2.0"}' }],
  ['malformed_rpc', { body: '{}' }],
  ['unknown_tool', { rpc: ['tools/call', { name: 'nope' }] }],
];

describe('the record of a refusal', () => {
  for (const [reason, call] of kinds) {
    verifies(
      ['WALK-00-STATUS-RECORDED', 'WALK-00-ONE-RECORD'],
      `says ${reason} and the status that was answered`,
      async () => {
        const records = await guard.expectRefused(reason, call);
        for (const record of records) expect(record.decision).toMatchObject({ effect: 'deny', reason });
        expect(new Set(records.map(({ call: attempt }) => attempt)).size).toBe(records.length);
      },
    );
  }

  verifies('WALK-00-STATUS-RECORDED', 'of nobody holds who asked and why not, and nothing else', async () => {
    const [record] = await guard.expectRefused('no_token', { token: null });
    expect(Object.keys(record ?? {})).toEqual([
      ...['v', 'id', 'type', 'at', 'monoNs', 'boot', 'stream', 'seq', 'call', 'source', 'decision'],
    ]);
    expect(record?.decision).toEqual({ effect: 'deny', reason: 'no_token', httpStatus: 401 });
  });

  verifies(
    'WALK-00-STATUS-RECORDED',
    'of a decision names rule, policy and scopes, which the caller does not see',
    async () => {
      const rpc = ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }] as const;
      const [record] = await guard.expectRefused('insufficient_scope', { rpc }, { scope: 'notes:write' });
      expect(record).toMatchObject({
        actor: { iss: guard.idp.issuer, sub: 'good', clientId: 'sallyport-demo' },
        target: { kind: 'tool', name: 'write-note' },
        mcp: { method: 'tools/call', era: 'modern', protocolVersion: '2026-07-28' },
        decision: { rule: 'tools.write-note', requiredScopes: ['notes:write'], missingScopes: ['notes:write'] },
        arguments: { id: expect.stringMatching(/^hmac-sha256:/) as string },
      });
    },
  );

  verifies(
    ['WALK-00-ONE-RECORD', 'G-26', 'G-27'],
    'takes address and id from the connection, not from what a client writes (G-26, G-27)',
    async () => {
      const headers = {
        'x-forwarded-for': '1.2.3.4',
        'x-real-ip': '1.2.3.4',
        'x-request-id': 'mine',
        forwarded: 'for=1.2.3.4',
      };
      const [record] = await guard.expectRefused('no_token', { token: null, headers });
      expect(JSON.stringify(record)).not.toMatch(/1\.2\.3\.4|mine/);
    },
  );
});

verifies(
  ['WALK-00-ONE-RECORD', 'G-03', 'G-05'],
  'a record is one line of JSON, whatever a client puts into names (G-03, G-05)',
  async () => {
    const names = [
      'x\r\n{"v":1,"type":"mcp.decision"}',
      '\u2028\u2029\u0085',
      '\u001b[31mred',
      'null\u0000',
      '\ud800',
      '"},{"',
    ];
    for (const name of names) {
      const { id, answer, userAgent } = await guard.send({ rpc: ['tools/call', { name }] }, 'legacy');
      expect(answer.json).toMatchObject({ id, error: { code: -32_602 } });
      await guard.expectNextAnswered();
      const record = expectOneRecord(guard.target.records(), userAgent, 'unknown_tool');
      expect(record.target?.name).toBe(name.replace('\ud800', '\ufffd'));
    }
    const files = readdirSync(guard.target.auditDirectory).filter((file) => file.endsWith('.jsonl'));
    const bytes = Buffer.concat(files.map((file) => readFileSync(path.join(guard.target.auditDirectory, file))));
    const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
    expect(lines.at(-1)).toBe('');
    for (const line of lines.slice(0, -1)) expect(JSON.parse(line)).toMatchObject({ v: 1, stream: 'target' });
  },
);

verifies(
  ['WALK-00-ONE-RECORD', 'G-01'],
  'of a hundred requests at once each leaves its own record, and each allowed one its outcome (G-01)',
  async () => {
    const bad = await guard.token({ subject: 'other', scopes: [] });
    const mix: readonly [Call, RefusalReason | undefined][] = [
      [{}, undefined],
      [{ token: null }, 'no_token'],
      [{ token: 'bad' }, 'malformed_token'],
      [{ token: bad }, 'insufficient_scope'],
      [{ rpc: ['tools/call', { name: 'nope' }] }, 'unknown_tool'],
      [{ target: '/MCP' }, 'path_not_found'],
      [{ body: '[' }, 'malformed_rpc'],
      [{ rpc: ['admin/x'] }, 'unknown_method'],
    ];
    const sent = await Promise.all(
      Array.from({ length: 104 }, async (_, i) => {
        const [call, reason] = mix[i % mix.length] as (typeof mix)[number];
        return { reason, ...(await guard.send(call, i % 3 === 0 ? 'modern' : 'legacy')) };
      }),
    );
    await guard.expectNextAnswered();
    const records = guard.target.records();
    for (const { reason, userAgent, answer } of sent) {
      const left = records.filter(({ source }) => source?.userAgent === userAgent);
      expect(left.map(({ decision }) => decision?.reason)).toEqual([reason]);
      const outcomes = records.filter(({ type, call }) => type === 'mcp.outcome' && call === left[0]?.call);
      expect(outcomes).toHaveLength(reason === undefined ? 1 : 0);
      if (reason === undefined) expect(answer.status).toBe(200);
      else expect([refusals[reason].status, 200]).toContain(answer.status);
    }
  },
);

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
