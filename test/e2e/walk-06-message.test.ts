import { afterAll, beforeAll, describe } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { legacy, modern } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const text = JSON.stringify;
const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hello' } } };
const write = { ...call, params: { name: 'write-note', arguments: { id: '1', text: 'x' } } };
const note = { jsonrpc: '2.0', method: 'notifications/initialized' };

const batches: readonly [string, unknown[]][] = [
  ['one call (F-29)', [write]],
  ['a call that would be allowed', [call]],
  ['two calls', [call, write]],
  ['a modern and a legacy call (F-30)', [JSON.parse(String(modern('tools/call', { name: 'echo' }).body)), write]],
  ['nothing (F-30)', []],
  ['a number (F-30)', [1]],
  ['a batch (F-30)', [[write]]],
  ['notifications only (F-30)', [note, note]],
  ['responses only', [{ jsonrpc: '2.0', id: 1, result: {} }]],
];

describe('a batch', () => {
  for (const [name, batch] of batches) {
    verifies('WALK-06-BATCH', `is 400 with -32600: ${name}`, async () => {
      await guard.expectRefused('batch_refused', { body: text(batch) });
    });
  }

  for (const version of ['2025-03-26', '2025-06-18', '2024-11-05', undefined]) {
    verifies('WALK-06-BATCH', `is 400 with -32600 in revision ${version ?? 'that is not named'} too`, async () => {
      const headers = { 'mcp-protocol-version': version };
      await guard.expectRefused('batch_refused', { body: text([call]), headers, eras: ['legacy'] });
    });
  }
});

/** The text of a good call with something put in front of its first member. */
const doubled = (member: string): string => text(call).replace('{', `{${member},`);

const duplicates: readonly [string, string][] = [
  ['method (F-33)', doubled('"method":"ping"')],
  ['id (F-33)', doubled('"id":2')],
  ['jsonrpc (F-33)', doubled('"jsonrpc":"2.0"')],
  ['params (F-33)', doubled('"params":{}')],
  ['method, once with an escape (F-33)', doubled('"m\\u0065thod":"ping"')],
  ['the name of the tool', text(call).replace('"name"', '"name":"write-note","name"')],
  ['the name of the tool, with an escape (F-33)', text(call).replace('"name"', '"n\\u0061me":"write-note","name"')],
  ['_meta (F-33)', text(call).replace('"name"', '"_meta":{},"_meta":{},"name"')],
  ['an argument', text(call).replace('"text"', '"text":"a","text"')],
  ['something deep inside', text(call).replace('"hello"', '{"a":[{"b":1,"b":1}]}')],
  ['__proto__', text(call).replace('"text"', '"__proto__":1,"__proto__":2,"text"')],
];

describe('a member name that stands twice', () => {
  for (const [name, body] of duplicates) {
    verifies('WALK-06-DUPLICATE-KEYS', `is 400 with -32600: ${name}`, async () => {
      await guard.expectRefused('dup_keys', { body });
    });
  }
});

/** A call nested so that its deepest container is at the given level. */
function nested(depth: number, open = '[', close = ']'): string {
  const inner = open.repeat(depth - 3) + (open === '[' ? '' : '1') + close.repeat(depth - 3);
  return text(call).replace('"hello"', inner);
}

describe('a body that is nested', () => {
  for (const depth of [65, 1_000, 100_000]) {
    verifies('WALK-06-DEPTH', `${depth} levels deep is 400 with -32600 (F-85)`, async () => {
      await guard.expectRefused('malformed_rpc', { body: nested(depth) });
      await guard.expectRefused('malformed_rpc', { body: nested(depth, '{"a":', '}') });
    });
  }

  verifies('WALK-06-DEPTH', '64 levels deep is read', async () => {
    // Level 64 is reached inside the arguments; whether the tool likes them is its own affair.
    const { body } = legacy('tools/call', {
      name: 'whoami',
      arguments: { x: JSON.parse('['.repeat(61) + ']'.repeat(61)) as unknown },
    });
    await guard.expectAnswered({ body, eras: ['legacy'] });
  });
});

const params = text(call.params);

const shapes: readonly [string, string][] = [
  ['a text', '"ping"'],
  ['a number', '1'],
  ['null', 'null'],
  ['true', 'true'],
  ['an empty object', '{}'],
  ['no jsonrpc', text({ id: 1, method: 'ping' })],
  ['jsonrpc 1.0', text({ ...call, jsonrpc: '1.0' })],
  ['jsonrpc as a number', text({ ...call, jsonrpc: 2 })],
  ['a method that is a number', text({ ...call, method: 1 })],
  ['a method that is empty', text({ ...call, method: '' })],
  ['a method of 300 characters', text({ ...call, method: 'x'.repeat(300) })],
  ['params that are a list', text({ ...call, params: ['echo'] })],
  ['params that are null', text({ ...call, params: null })],
  ['_meta that is a text', text({ ...call, params: { ...call.params, _meta: 'x' } })],
  ['an id that is null', text({ ...call, id: null })],
  ['an id that is a fraction', text({ ...call, id: 1.5 })],
  ['an id that is an object', text({ ...call, id: {} })],
  ['an id of 100 digits (F-85)', text(call).replace('"id":1', `"id":${'9'.repeat(100)}`)],
  ['a number beyond all numbers (F-85)', text(call).replace('"hello"', '1e400')],
  ['a method and a result', text({ ...call, result: {} })],
  ['a result and an error', text({ jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } })],
  ['a member that is unknown', text({ ...call, auth: 'x' })],
  ['Method beside method (F-34)', text({ ...call, Method: 'ping' })],
  ['Method instead of method (F-34)', text({ jsonrpc: '2.0', id: 1, Method: 'tools/call', params: call.params })],
  ['paramſ (F-34)', `{"jsonrpc":"2.0","id":1,"method":"tools/call","param\u017f":${params}}`],
  ['method with a NUL (F-34)', `{"jsonrpc":"2.0","id":1,"method\\u0000":"tools/call","params":${params}}`],
  [
    '__proto__ (F-37)',
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params},"__proto__":{"method":"ping"}}`,
  ],
];

describe('a body that is not one JSON-RPC message', () => {
  for (const [name, body] of shapes) {
    verifies('WALK-06-SHAPE', `is 400 with -32600: ${name}`, async () => {
      await guard.expectRefused('malformed_rpc', { body });
    });
  }
});

verifies('WALK-06-SHAPE', 'members of another case inside the parameters are not read (F-34)', async () => {
  for (const name of ['Name', 'NAME', 'name ', 'na\u200bme']) {
    const body = text({ ...call, params: { ...call.params, [name]: 'write-note' } });
    await guard.expectAnswered({ body, eras: ['legacy'] });
  }
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
