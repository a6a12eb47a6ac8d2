import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/call/json.ts';
import { matchCall } from '../../src/call/match-call.ts';
import type { McpCall } from '../../src/call/mcp-call.ts';
import { readMcpHeaders } from '../../src/call/mcp-headers.ts';
import { readMessage, type RpcMessage } from '../../src/call/rpc-message.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { envelope, headers, legacyRequest, modernHeaders, modernRequest, versionKey } from '../support/messages.ts';
import { refusalOf } from '../support/refusal-of.ts';

const noHeaders = headers();
const legacy = (method: string, params?: JsonValue): McpCall =>
  matchCall(legacyRequest(method, params), noHeaders, 'legacy');
const refusedLegacy = (method: string, params?: JsonValue): Refusal => refusalOf(() => legacy(method, params));

describe('matchCall', () => {
  test('leaves out the name of a client that looks like a credential', () => {
    const token = `eyJ${'hbGciOiJSUzI1NiIs'.repeat(12)}.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
    const client = (name: string): string | undefined =>
      legacy('initialize', { protocolVersion: '2025-06-18', clientInfo: { name, version: '1' } }).client;
    expect(client(token)).toBeUndefined();
    expect(client('n'.repeat(200))).toBe(`${'n'.repeat(127)}…`);
  });

  test('makes one frozen call of a modern request', () => {
    const message = modernRequest('tools/call', { name: 'echo', arguments: { text: 'hi' } });
    const call = matchCall(message, modernHeaders('tools/call', 'echo'), 'modern');
    expect(call).toEqual({
      kind: 'request',
      era: 'modern',
      protocolVersion: '2026-07-28',
      id: 1,
      method: 'tools/call',
      target: { kind: 'tool', name: 'echo' },
      targets: [{ kind: 'tool', name: 'echo' }],
      arguments: { text: 'hi' },
      client: 'inspector/1.2.0',
      message: message.message,
    });
    expect(Object.isFrozen(call)).toBe(true);
    expect(Object.isFrozen(call.targets)).toBe(true);
    expect(Object.isFrozen(call.target)).toBe(true);
    expect(call.message).toBe(message.message);
  });

  test('makes the same of a 2025-era request, whose headers are not looked at', () => {
    const lying = headers(['Mcp-Method', 'tools/list'], ['Mcp-Name', 'read-note'], ['Mcp-Name', 'x']);
    const call = matchCall(legacyRequest('tools/call', { name: 'write-note' }), lying, 'legacy');
    expect(call.target).toEqual({ kind: 'tool', name: 'write-note' });
    expect(call.protocolVersion).toBe('2025-03-26');
    expect(call.arguments).toBeUndefined();
    expect(call.client).toBeUndefined();
  });

  test.each<[string, JsonObject, string, string]>([
    ['tools/call', { name: 'echo' }, 'tool', 'echo'],
    ['prompts/get', { name: 'summarize' }, 'prompt', 'summarize'],
    ['resources/read', { uri: 'note:///1' }, 'resource', 'note:///1'],
    ['resources/subscribe', { uri: 'note:///1' }, 'resource', 'note:///1'],
    ['resources/unsubscribe', { uri: 'note:///1' }, 'resource', 'note:///1'],
    ['tasks/get', { taskId: 't1' }, 'task', 't1'],
    ['tasks/update', { taskId: 't1' }, 'task', 't1'],
    ['tasks/cancel', { taskId: 't1' }, 'task', 't1'],
    ['tasks/result', { taskId: 't1' }, 'task', 't1'],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'summarize' } }, 'prompt', 'summarize'],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'note:///{id}' } }, 'resource', 'note:///{id}'],
  ])('%s %j is about %s %s', (method, params, kind, name) => {
    expect(legacy(method, params).target).toEqual({ kind, name });
  });

  test.each([
    'initialize',
    'ping',
    'tools/list',
    'server/discover',
    'logging/setLevel',
    'tasks/list',
    'toString',
    'constructor',
  ])('%s has no target', (method) => {
    const call = legacy(method, { name: 'echo', uri: 'note:///1' });
    expect(call.target).toBeNull();
    expect(call.targets).toEqual([]);
  });

  test.each<[string, JsonValue | undefined]>([
    ['tools/call', undefined],
    ['tools/call', {}],
    ['tools/call', { name: null }],
    ['tools/call', { name: 7 }],
    ['tools/call', { name: ['echo'] }],
    ['tools/call', { name: { toString: 'echo' } }],
    ['tools/call', { name: 'x'.repeat(1_025) }],
    ['tools/call', JSON.parse('{"__proto__":{"name":"echo"}}') as JsonValue],
    ['tools/call', { name: 'echo', arguments: [] }],
    ['tools/call', { name: 'echo', arguments: null }],
    ['tools/call', { name: 'echo', arguments: 'x' }],
    ['prompts/get', { name: 1 }],
    ['prompts/get', { name: 'a', arguments: 1 }],
    ['resources/read', { uri: 1 }],
    ['resources/read', { uri: 'x'.repeat(8_193) }],
    ['resources/subscribe', {}],
    ['tasks/get', { taskId: 5 }],
    ['tasks/cancel', undefined],
    ['tasks/result', {}],
    ['completion/complete', {}],
    ['completion/complete', { ref: 'x' }],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'echo' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 1 } }],
    ['completion/complete', { ref: { type: 'ref/resource', name: 'x' } }],
    ['subscriptions/listen', { notifications: [] }],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: 'note:///1' } }],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: [1] } }],
  ])('refuses parameters of the wrong type: %s %j', (method, params) => {
    expect(refusedLegacy(method, params)).toMatchObject({ reason: 'malformed_rpc', status: 400, rpcCode: -32_602 });
  });

  test('takes names as they are, without normalising', () => {
    for (const name of ['READ_NOTE', 'read-note ', 'read-note\u0000', 're\u0430d-note', '\ud800', '__proto__', '']) {
      expect(legacy('tools/call', { name }).target).toEqual({ kind: 'tool', name });
    }
  });

  test('asks for each resource of a subscription', () => {
    const listen = (uris: readonly string[]): McpCall => {
      const message = modernRequest('subscriptions/listen', {
        notifications: { toolsListChanged: true, resourceSubscriptions: uris },
      });
      return matchCall(message, modernHeaders('subscriptions/listen'), 'modern');
    };
    const call = listen(['note:///1', 'note:///2']);
    expect(call.target).toBeNull();
    expect(call.targets).toEqual([
      { kind: 'resource', name: 'note:///1' },
      { kind: 'resource', name: 'note:///2' },
    ]);
    expect(listen(['note:///1']).target).toEqual({ kind: 'resource', name: 'note:///1' });
    expect(listen([]).targets).toEqual([]);
    expect(legacy('subscriptions/listen', {}).targets).toEqual([]);
    expect(legacy('subscriptions/listen', { notifications: { toolsListChanged: true } }).targets).toEqual([]);
    expect(listen(Array.from({ length: 1_000 }, (_, index) => `note:///${index}`)).targets).toHaveLength(1_000);
    expect(refusalOf(() => listen(Array(1_001).fill('note:///1')))).toMatchObject({ reason: 'too_large', status: 413 });
  });

  // @verifies F-61
  test('takes 64 KiB of resource URIs in one subscription, each of at most 8,192 characters', () => {
    const listen = (uris: readonly string[]): McpCall => {
      const message = modernRequest('subscriptions/listen', { notifications: { resourceSubscriptions: uris } });
      return matchCall(message, modernHeaders('subscriptions/listen'), 'modern');
    };
    const longest = 'x'.repeat(8_192);
    expect(listen(Array(8).fill(longest)).targets).toHaveLength(8);
    expect(refusalOf(() => listen([...Array<string>(8).fill(longest), 'x']))).toMatchObject({
      reason: 'too_large',
      status: 413,
      detail: 'resource subscriptions of more than 65536 characters',
    });
    expect(refusalOf(() => listen([`${longest}x`]))).toMatchObject({ reason: 'malformed_rpc', rpcCode: -32_602 });
  });

  test('leaves methods that only the 2025 era has to the answer for unknown methods', () => {
    for (const method of [
      'resources/subscribe',
      'resources/unsubscribe',
      'tasks/result',
      'initialize',
      'ping',
      'logging/setLevel',
    ]) {
      const call = matchCall(modernRequest(method), modernHeaders(method), 'modern');
      expect(call.targets).toEqual([]);
    }
    const named = matchCall(
      modernRequest('resources/subscribe', { uri: 'a:b' }),
      modernHeaders('resources/subscribe'),
      'modern',
    );
    expect(named.target).toEqual({ kind: 'resource', name: 'a:b' });
  });

  test('reads the client from initialize and from nothing else of the 2025 era', () => {
    const clientInfo = { name: 'claude', version: '2.0' };
    expect(legacy('initialize', { clientInfo }).client).toBe('claude/2.0');
    expect(legacy('ping', { clientInfo }).client).toBeUndefined();
    expect(legacy('initialize', { clientInfo: { name: 'claude' } }).client).toBe('claude');
    expect(legacy('initialize', { clientInfo: { name: 1, version: '2' } }).client).toBeUndefined();
    expect(legacy('initialize', { clientInfo: { name: `\ud800${'n'.repeat(500)}`, version: '1' } }).client).toBe(
      `\ufffd${'n'.repeat(126)}…`,
    );
  });

  test('makes a call of a response, without method or target', () => {
    const message = readMessage({ jsonrpc: '2.0', id: 'e1', result: { action: 'accept' } });
    const call = matchCall(message, headers(['MCP-Protocol-Version', '2025-11-25']), 'legacy');
    expect(call).toMatchObject({ kind: 'response', id: 'e1', method: '', target: null, protocolVersion: '2025-11-25' });
    expect(refusalOf(() => matchCall(message, noHeaders, 'modern'))).toMatchObject({
      reason: 'response_refused',
      status: 400,
    });
  });

  test('throws nothing but refusals, whatever message and headers', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    const method = fc.constantFrom(
      'tools/call',
      'prompts/get',
      'resources/read',
      'resources/subscribe',
      'tasks/get',
      'tasks/result',
      'completion/complete',
      'subscriptions/listen',
      'initialize',
      'ping',
      'notifications/cancelled',
      'hasOwnProperty',
    );
    const meta = fc.oneof(
      fc.constant(envelope),
      fc.record({ [versionKey]: fc.oneof(json, fc.constantFrom('2026-07-28', '2025-11-25')) }, { requiredKeys: [] }),
    );
    const params = fc.record(
      {
        _meta: meta,
        name: json,
        uri: json,
        taskId: json,
        ref: json,
        notifications: json,
        arguments: json,
        clientInfo: json,
      },
      { requiredKeys: [] },
    );
    const message = fc
      .record(
        { jsonrpc: fc.constant('2.0'), id: fc.constant(1), method, params },
        { requiredKeys: ['jsonrpc', 'method'] },
      )
      .map((value): RpcMessage => readMessage(value as unknown as JsonValue));
    const lines = fc.array(
      fc.tuple(
        fc.constantFrom('MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'),
        fc.oneof(fc.string(), fc.constantFrom('2026-07-28', '2025-11-25', 'tools/call', '=?base64?YQ==?=')),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(message, lines, fc.constantFrom('modern', 'legacy'), (value, pairs, era) => {
        try {
          expect(matchCall(value, readMcpHeaders(pairs.flat()), era).era).toBe(era);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 500 },
    );
  });
});
