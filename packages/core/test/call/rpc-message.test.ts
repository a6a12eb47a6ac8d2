import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/call/json.ts';
import { readMessage } from '../../src/call/rpc-message.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { refusalOf } from '../support/refusal-of.ts';

const refused = (value: JsonValue): Refusal => refusalOf(() => readMessage(value));

describe('readMessage', () => {
  test('tells requests, notifications and responses apart', () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } };
    expect(readMessage(request)).toEqual({
      kind: 'request',
      id: 1,
      method: 'tools/call',
      params: { name: 'echo' },
      message: request,
    });

    const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect(readMessage(notification)).toEqual({
      kind: 'notification',
      method: 'notifications/initialized',
      params: undefined,
      message: notification,
    });

    const response = { jsonrpc: '2.0', id: 'a', result: {} };
    expect(readMessage(response)).toEqual({ kind: 'response', id: 'a', message: response });

    const error = { jsonrpc: '2.0', error: { code: -32_700, message: 'Parse error' } };
    expect(readMessage(error)).toEqual({ kind: 'response', id: undefined, message: error });
  });

  test('hands on the very objects it was given, frozen in its own shell', () => {
    const value = Object.freeze({ jsonrpc: '2.0', id: 0, method: 'ping', params: Object.freeze({}) });
    const message = readMessage(value);
    expect(message.message).toBe(value);
    expect(Object.isFrozen(message)).toBe(true);
  });

  test.each<[string, JsonValue]>([
    ['an empty array', []],
    ['one message', [{ jsonrpc: '2.0', id: 1, method: 'ping' }]],
    ['a number', [1]],
    ['an array', [[]]],
    ['notifications', [{ jsonrpc: '2.0', method: 'a' }]],
  ])('refuses a batch: %s', (_what, value) => {
    expect(refused(value)).toMatchObject({ reason: 'batch_refused', status: 400, rpcCode: -32_600 });
  });

  const request = { jsonrpc: '2.0', id: 1, method: 'ping' };
  test.each<[string, JsonValue]>([
    ['null', null],
    ['a string', 'ping'],
    ['an empty object', {}],
    ['no version', { id: 1, method: 'ping' }],
    ['another version', { ...request, jsonrpc: '1.0' }],
    ['a numeric version', { ...request, jsonrpc: 2 }],
    ['an unknown member', { ...request, extra: 1 }],
    ['Method', { jsonrpc: '2.0', id: 1, method: 'ping', Method: 'tools/call' }],
    ['a member with U+017F', { ...request, paramſ: {} }],
    ['a member with NUL', { ...request, 'method\u0000': 'x' }],
    ['a null id', { ...request, id: null }],
    ['a fractional id', { ...request, id: 1.5 }],
    ['an unsafe id', { ...request, id: 9_007_199_254_740_992 }],
    ['a boolean id', { ...request, id: true }],
    ['an object as id', { ...request, id: {} }],
    ['a very long id', { ...request, id: 'x'.repeat(1_025) }],
    ['an empty method', { ...request, method: '' }],
    ['a numeric method', { ...request, method: 7 }],
    ['a very long method', { ...request, method: 'x'.repeat(257) }],
    ['array params', { ...request, params: [] }],
    ['null params', { ...request, params: null }],
    ['string params', { ...request, params: 'x' }],
    ['a text as _meta', { ...request, params: { _meta: 'x' } }],
    ['an array as _meta', { ...request, params: { _meta: [] } }],
    ['method and result', { ...request, result: {} }],
    ['neither method nor result', { jsonrpc: '2.0', id: 1 }],
    ['result and error', { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } }],
    ['a result without id', { jsonrpc: '2.0', result: {} }],
    ['a result that is no object', { jsonrpc: '2.0', id: 1, result: 'x' }],
    ['an error with a null id', { jsonrpc: '2.0', id: null, error: { code: 1, message: 'x' } }],
    ['an error without message', { jsonrpc: '2.0', id: 1, error: { code: 1 } }],
    ['an error with a fractional code', { jsonrpc: '2.0', id: 1, error: { code: 1.5, message: 'x' } }],
    ['an error that is a text', { jsonrpc: '2.0', id: 1, error: 'x' }],
    ['a response with params', { jsonrpc: '2.0', id: 1, result: {}, params: {} }],
    ['only inherited names', JSON.parse('{"__proto__":{"jsonrpc":"2.0","id":1,"method":"ping"}}') as JsonValue],
  ])('refuses %s', (_what, value) => {
    expect(refused(value)).toMatchObject({ reason: 'malformed_rpc', status: 400, rpcCode: -32_600 });
  });

  test('accepts the longest method and id', () => {
    expect(readMessage({ jsonrpc: '2.0', id: 'x'.repeat(1_024), method: 'm'.repeat(256) }).kind).toBe('request');
  });

  test.each(['eyJhbGciOiJSUzI1NiJ9', `x${'y'.repeat(500)}`])('quotes no unknown member: %s', (name) => {
    const call = refused({ jsonrpc: '2.0', id: 1, method: 'ping', [name]: 1 });
    expect(call.detail).toBe('a member besides jsonrpc, id, method, params');
    expect(call.message).not.toContain(name);
    expect(call.data).toBeUndefined();
    const response = refused({ jsonrpc: '2.0', id: 1, result: {}, [name]: 1 });
    expect(response.detail).toBe('a member besides jsonrpc, id, result, error');
  });

  test('throws nothing but refusals', () => {
    const members = fc.record(
      {
        jsonrpc: fc.constantFrom<JsonValue>('2.0', '2', null),
        id: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
        method: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
        params: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
        result: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
        error: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(members, fc.jsonValue() as fc.Arbitrary<JsonValue>), (value) => {
        try {
          readMessage(value);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});
