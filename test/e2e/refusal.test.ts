import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { expectRefusal } from './support/expect-refusal.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { openRaw, rawRequest } from './support/raw-connection.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const call = (name: unknown): Call => ({ rpc: ['tools/call', { name }] });

const names = [
  ...['READ-NOTE', 'read-note ', ' read-note', 'read-note\u0000', 'read-note\n', 'read\u200b-note', 'reаd-note', 'ｒead-note'],
  ...['re\u0301ad-note', '\u202eread-note', 'read-notes', 'read', '', '*', '__proto__', 'constructor', 'toString', 'tools.echo'],
];

describe('an unknown tool', () => {
  for (const name of names) {
    verifies(['REFUSAL-UNKNOWN-TARGET', 'REFUSAL-NOTHING-RAN'], `is -32602 in HTTP 200, without its name: ${JSON.stringify(name)} (F-07, F-38)`, async () => {
      const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`;
      const headers = name === '' ? {} : { 'mcp-name': encoded };
      await guard.expectRefused('unknown_tool', { ...call(name), headers });
      const { answer } = await guard.send({ ...call(name), headers });
      expect(answer.text.toLowerCase()).not.toContain('note');
    });
  }
});

const types: readonly [string, unknown][] = [
  ['a number', 1],
  ['a list', ['write-note']],
  ['an object', { toString: 'read-note' }],
  ['null', null],
  ['missing', undefined],
];

describe('a name that is no text', () => {
  for (const [name, value] of types) {
    verifies('REFUSAL-CODE', `is 400 with -32602: ${name} (F-39)`, async () => {
      const contract = { rpcCode: -32_602, id: true };
      await guard.expectRefused('malformed_rpc', call(value), { contract });
      await guard.expectRefused('malformed_rpc', { rpc: ['resources/read', { uri: value }] }, { contract });
      await guard.expectRefused('malformed_rpc', { rpc: ['prompts/get', { name: value }] }, { contract });
    });
  }

  verifies('REFUSAL-CODE', 'is 400 with -32602 when it is 64 KB long, or its arguments are none (F-39)', async () => {
    const contract = { rpcCode: -32_602, id: true };
    await guard.expectRefused('malformed_rpc', { ...call('x'.repeat(65_536)), eras: ['legacy'] }, { contract });
    await guard.expectRefused('malformed_rpc', { rpc: ['tools/call', { name: 'echo', arguments: ['hello'] }] }, { contract });
  });
});

describe('hidden, unknown and undeclared tools', () => {
  for (const [era, make] of Object.entries({ modern, legacy })) {
    verifies(['REFUSAL-UNKNOWN-TARGET', 'WALK-08-HIDDEN'], `have the same answer, byte for byte: ${era} (F-05, F-07)`, async () => {
      const answers = await Promise.all(
        ['purge-notes', 'unlisted', 'nope'].map((name) => send(guard.target.url, make('tools/call', { name }, { token: guard.good, id: 'same' }))),
      );
      const seen = answers.map(({ status, text, headers: { date: _date, ...headers } }) => ({ status, text, headers }));
      expect(seen[0]?.status).toBe(200);
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
    });
  }

  verifies('REFUSAL-UNKNOWN-TARGET', 'are told apart in the record only', async () => {
    await guard.expectRefused('tool_not_in_card', call('unlisted'));
    const [record] = await guard.expectRefused('insufficient_scope', call('purge-notes'), {
      contract: { status: 200, rpcCode: -32_602, code: 'ERR_ACCESS_UNKNOWN_TARGET', challenge: 'none' },
    });
    expect(record?.decision).toMatchObject({ rule: 'tools.purge-notes', missingScopes: ['notes:admin'] });
  });
});

verifies('REFUSAL-RESOURCE-URI', 'an unknown resource is -32602 with the URI that was asked for, as it was written (F-49)', async () => {
  for (const uri of ['note:///1/x', 'NOTE:///1', 'note:///', 'file:///etc/passwd', 'config:///server/', 'config:///Server', 'nope']) {
    await guard.expectRefused('unknown_resource', { rpc: ['resources/read', { uri }] }, { data: { uri } });
  }
});

verifies('REFUSAL-UNKNOWN-TARGET', 'an unknown prompt is -32602 (F-51)', async () => {
  await guard.expectRefused('unknown_prompt', { rpc: ['prompts/get', { name: 'nope' }] });
});

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
  ['response_refused', { body: '{"jsonrpc":"2.0","id":"x","result":{}}' }],
  ['response_refused', { body: '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}' }],
  ['insufficient_scope', call('write-note'), { scope: 'notes:write' }],
  ['unknown_method', { rpc: ['admin/x'], eras: ['modern'] }],
  ['unknown_method', { rpc: ['admin/x'], eras: ['legacy'] }, { contract: { status: 200 } }],
];

describe('a refusal', () => {
  for (const [reason, request, options] of ofEveryKind) {
    verifies(['REFUSAL-CODE', 'REFUSAL-BODY', 'REFUSAL-NO-STORE', 'REFUSAL-NO-INSIDE'], `has the documented answer: ${reason}`, async () => {
      await guard.expectRefused(reason, request, options as Parameters<Guard['expectRefused']>[2]);
    });
  }

  verifies('REFUSAL-BODY', 'is the same JSON for every client, whatever it accepts', async () => {
    const accepts = ['application/json', 'text/event-stream', 'text/html', '*/*', 'application/json;q=0', '', undefined];
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

  verifies(['REFUSAL-NEXT-REQUEST', 'REFUSAL-NOTHING-RAN'], 'leaves the connection usable: the next good request on it is answered', async () => {
    const before = guard.target.effects().length;
    const raw = openRaw(guard.target.port);
    const write = (method: string, params: Record<string, unknown>, token?: string, more: string[] = []): void => {
      const { headers, body } = legacy(method, params, token === undefined ? {} : { token });
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
      raw.write(rawRequest('POST /mcp HTTP/1.1', ['Host: localhost', ...lines, ...more], String(body)));
    };
    const refused: readonly [Parameters<typeof write>, number][] = [
      [['tools/call', { name: 'echo' }], 401],
      [['tools/call', { name: 'echo' }, 'bad'], 401],
      [['tools/call', { name: 'echo' }, guard.good, ['Origin: null']], 403],
      [['tools/call', { name: 'write-note' }, guard.good], 403],
      [['tools/call', { name: 'nope' }, guard.good], 200],
      [['tools/call', { name: 'echo' }, guard.good, ['Content-Encoding: gzip']], 415],
      [['tools/call', { name: 1 }, guard.good], 400],
    ];
    for (const [request, status] of refused) {
      write(...request);
      expect((await raw.answer()).status).toBe(status);
      write('tools/call', { name: 'echo', arguments: { text: 'next' } }, guard.good);
      expect(await raw.answer()).toMatchObject({ status: 200, text: expect.stringContaining('next') as string });
    }
    raw.destroy();
    expect(guard.target.effects()).toHaveLength(before + refused.length);
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () => guard.expectClean());
