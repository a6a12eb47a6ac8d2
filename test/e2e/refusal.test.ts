import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { expectRefusal } from './support/expect-refusal.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { openRaw, rawMessage } from './support/raw-connection.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const call = (name: unknown): Call => ({ rpc: ['tools/call', { name }] });

const ofEveryKind: readonly [RefusalReason, Call, { scope?: string; contract?: object; data?: object }?][] = [
  ['host_refused', { headers: { host: 'evil.example' } }],
  ['path_not_found', { target: '/mcp/' }],
  ['method_not_allowed', { method: 'PUT' }],
  ['no_token', { token: null }],
  ['malformed_token', { token: 'bad' }],
  ['malformed_request', { headers: { authorization: 'Bearer' } }],
  ['bad_content_type', { headers: { 'content-type': 'text/plain' } }],
  ['bad_encoding', { headers: { 'content-encoding': 'br' } }],
  ['malformed_rpc', { body: '{' }, { contract: { rpcCode: -32_700 } }],
  ['batch_refused', { body: '[]' }],
  ['response_refused', { body: '{"jsonrpc":"2.0","id":"x","result":{}}', eras: ['legacy'] }],
  ['response_refused', { body: '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}', eras: ['legacy'] }],
  [
    'header_mismatch',
    { body: '{"jsonrpc":"2.0","id":"x","result":{}}', eras: ['modern'] },
    { contract: { id: false } },
  ],
  ['insufficient_scope', call('write-note'), { scope: 'notes:write' }],
  ['unknown_method', { rpc: ['admin/x'], eras: ['modern'] }],
  ['unknown_method', { rpc: ['admin/x'], eras: ['legacy'] }, { contract: { status: 200 } }],
];

describe('a refusal', () => {
  for (const [reason, request, options] of ofEveryKind) {
    verifies(
      ['REFUSAL-CODE', 'REFUSAL-BODY', 'REFUSAL-NO-STORE', 'REFUSAL-NO-INSIDE'],
      `has the documented answer: ${reason}`,
      async () => {
        await guard.expectRefused(reason, request, options as Parameters<Guard['expectRefused']>[2]);
      },
    );
  }

  verifies('REFUSAL-BODY', 'is the same JSON for every client, whatever it accepts', async () => {
    const accepts = [
      'application/json',
      'text/event-stream',
      'text/html',
      '*/*',
      'application/json;q=0',
      '',
      undefined,
    ];
    const texts = new Set<string>();
    for (const accept of accepts) {
      const { headers, body } = legacy('tools/call', { name: 'nope' }, { token: guard.good, headers: { accept } });
      const answer = await send(guard.target.url, { headers, body });
      expect(answer.headers['content-type']).toBe('application/json');
      texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
  });

  verifies('REFUSAL-BODY', 'has no body for HEAD, but the same headers', async () => {
    const { answer } = await guard.send({ method: 'HEAD', body: '' });
    expectRefusal(answer, 'method_not_allowed', 0, { bodiless: true, headers: { allow: 'POST' } });
  });

  for (const id of [0, -1, 7, 9_007_199_254_740_991, '', 'x', '0', 'ünïcode "quoted"', 'i'.repeat(1_024)]) {
    verifies('REFUSAL-ID', `carries the id of its request: ${JSON.stringify(id).slice(0, 24)}`, async () => {
      for (const make of [modern, legacy]) {
        const answer = await send(guard.target.url, make('tools/call', { name: 'nope' }, { token: guard.good, id }));
        expectRefusal(answer, 'unknown_tool', id);
      }
    });
  }

  verifies('REFUSAL-ID', 'of a notification carries none', async () => {
    const body = '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"nope"}}';
    const contract = { status: 400, id: false };
    await guard.expectRefused('unknown_tool', { body, eras: ['legacy'] }, { contract });
  });

  verifies(
    ['REFUSAL-NEXT-REQUEST', 'REFUSAL-NOTHING-RAN'],
    'leaves the connection usable: the next good request on it is answered',
    async () => {
      const before = guard.target.effects().length;
      const raw = openRaw(guard.target.port);
      const write = (name: unknown, headers: Record<string, string> = {}): void =>
        raw.write(
          rawMessage(legacy('tools/call', { name, arguments: { text: 'next' } }, { token: guard.good, headers })),
        );
      const refused: readonly [Parameters<typeof write>, number][] = [
        [['echo', { authorization: 'Basic dTpw' }], 401],
        [['echo', { authorization: 'Bearer bad' }], 401],
        [['echo', { origin: 'null' }], 403],
        [['write-note'], 403],
        [['nope'], 200],
        [['echo', { 'content-encoding': 'gzip' }], 415],
        [[1], 400],
      ];
      for (const [request, status] of refused) {
        write(...request);
        expect((await raw.answer()).status).toBe(status);
        write('echo');
        expect(await raw.answer()).toMatchObject({ status: 200, text: expect.stringContaining('next') as string });
      }
      raw.destroy();
      expect(guard.target.effects()).toHaveLength(before + refused.length);
    },
  );
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
