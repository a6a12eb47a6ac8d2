import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/call/json.ts';
import { matchCall } from '../../src/call/match-call.ts';
import type { McpHeaders } from '../../src/call/mcp-headers.ts';
import type { RpcMessage } from '../../src/call/rpc-message.ts';
import type { Refusal } from '../../src/errors/refusal.ts';
import {
  envelope,
  headers,
  legacyRequest,
  modernHeaders,
  modernRequest,
  notification,
  versionKey,
} from '../support/messages.ts';
import { refusalOf } from '../support/refusal-of.ts';

const version: [string, string] = ['MCP-Protocol-Version', '2026-07-28'];
const methodHeader: [string, string] = ['Mcp-Method', 'tools/call'];
const nameHeader = (value: string): [string, string] => ['Mcp-Name', value];
const readNote = modernRequest('tools/call', { name: 'read-note' });

const refused = (message: RpcMessage, sent: McpHeaders): Refusal => refusalOf(() => matchCall(message, sent, 'modern'));
const accepted = (message: RpcMessage, sent: McpHeaders): string => matchCall(message, sent, 'modern').protocolVersion;
const mismatch = { reason: 'header_mismatch', status: 400, rpcCode: -32_020 };

describe('the headers of a modern request', () => {
  test.each<[string, McpHeaders]>([
    [
      'in another case of their names',
      headers(['mcp-protocol-version', '2026-07-28'], ['MCP-METHOD', 'tools/call'], ['mcp-name', 'read-note']),
    ],
    ['with white space around them', headers(version, methodHeader, nameHeader('  read-note \t'))],
    ['with an encoded name', headers(version, methodHeader, nameHeader('=?base64?cmVhZC1ub3Rl?='))],
  ])('agree with the body %s', (_what, sent) => {
    expect(accepted(readNote, sent)).toBe('2026-07-28');
  });

  test.each<[string, McpHeaders]>([
    ['no version', headers(methodHeader, nameHeader('read-note'))],
    ['no method', headers(version, nameHeader('read-note'))],
    ['no name', headers(version, methodHeader)],
    ['none at all', headers()],
    ['another version', headers(['MCP-Protocol-Version', '2025-11-25'], methodHeader, nameHeader('read-note'))],
    ['two versions', headers(version, ['MCP-Protocol-Version', '2025-11-25'], methodHeader, nameHeader('read-note'))],
    ['the version twice', headers(version, version, methodHeader, nameHeader('read-note'))],
    [
      'two versions in one line',
      headers(['MCP-Protocol-Version', '2026-07-28, 2026-07-28'], methodHeader, nameHeader('read-note')),
    ],
    ['another method', headers(version, ['Mcp-Method', 'tools/list'], nameHeader('read-note'))],
    ['a method in another case', headers(version, ['Mcp-Method', 'TOOLS/CALL'], nameHeader('read-note'))],
    ['the method twice', headers(version, methodHeader, methodHeader, nameHeader('read-note'))],
    ['another name', headers(version, methodHeader, nameHeader('write-note'))],
    ['a name in another case', headers(version, methodHeader, nameHeader('READ-NOTE'))],
    ['the name twice', headers(version, methodHeader, nameHeader('read-note'), nameHeader('read-note'))],
    ['an empty name', headers(version, methodHeader, nameHeader(''))],
    ['an encoded name without padding', headers(version, methodHeader, nameHeader('=?base64?cmVhZC1ub3RlMQ?='))],
    ['an encoded empty name', headers(version, methodHeader, nameHeader('=?base64??='))],
    ['an upper-case marker', headers(version, methodHeader, nameHeader('=?BASE64?cmVhZC1ub3Rl?='))],
    [
      'an encoded name with line breaks',
      headers(version, methodHeader, nameHeader(`=?base64?${btoa('read-note\r\n\u001b[31m')}?=`)),
    ],
    ['a method that is there but empty', headers(version, ['Mcp-Method', ''], nameHeader('read-note'))],
  ])('are refused: %s', (_what, sent) => {
    expect(refused(readNote, sent)).toMatchObject(mismatch);
  });

  test('are refused for bytes beyond ASCII even when the body has the same characters', () => {
    const name = 'caf\u00c3\u00a9';
    expect(refused(modernRequest('tools/call', { name }), modernHeaders('tools/call', name))).toMatchObject(mismatch);
    const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`;
    expect(accepted(modernRequest('tools/call', { name }), modernHeaders('tools/call', encoded))).toBe('2026-07-28');
    expect(refused(modernRequest('m\u00e9'), modernHeaders('m\u00e9'))).toMatchObject(mismatch);
  });

  test.each<[string, JsonObject, string]>([
    ['prompts/get', { name: 'summarize' }, 'summarize'],
    ['resources/read', { uri: 'note:///1' }, 'note:///1'],
    ['tasks/get', { taskId: 't-1' }, 't-1'],
    ['tasks/update', { taskId: 't-1' }, 't-1'],
    ['tasks/cancel', { taskId: 't-1' }, 't-1'],
  ])('mirror the target of %s in Mcp-Name', (method, params, name) => {
    expect(accepted(modernRequest(method, params), modernHeaders(method, name))).toBe('2026-07-28');
    expect(refused(modernRequest(method, params), modernHeaders(method))).toMatchObject(mismatch);
    expect(refused(modernRequest(method, params), modernHeaders(method, `${name}x`))).toMatchObject(mismatch);
  });

  test('may carry any Mcp-Name where it mirrors nothing', () => {
    expect(accepted(modernRequest('tools/list'), modernHeaders('tools/list', '=?base64?x?='))).toBe('2026-07-28');
  });

  test('leave a body without a name to the check of its parameters', () => {
    const nameless = modernRequest('tools/call', { name: 5 });
    const invalid = { reason: 'malformed_rpc', status: 400, rpcCode: -32_602 };
    expect(refused(nameless, modernHeaders('tools/call'))).toMatchObject(invalid);
    expect(refused(nameless, modernHeaders('tools/call', '5'))).toMatchObject(invalid);
    expect(refused(nameless, modernHeaders('tools/call', '=?base64?x?='))).toMatchObject(mismatch);
  });

  test('tell the auditor what both sides said, and the caller nothing', () => {
    const refusal = refused(
      modernRequest('tools/call', { name: 'x'.repeat(300) }),
      modernHeaders('tools/call', 'read-note'),
    );
    expect(refusal.detail).toEqual({ header: 'Mcp-Name', sent: ['read-note'], body: `${'x'.repeat(127)}…` });
    expect(refusal.data).toBeUndefined();
    expect(refused(readNote, headers()).detail).toEqual({
      header: 'MCP-Protocol-Version',
      sent: [],
      body: '2026-07-28',
    });
  });
});

// Its header alone is longer than what a note quotes.
const token = `eyJ${'hbGciOiJSUzI1NiIs'.repeat(12)}.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;

describe('a token in the wrong place', () => {
  test.each<[string, RpcMessage, McpHeaders]>([
    ['Mcp-Name', readNote, modernHeaders('tools/call', token)],
    ['Mcp-Name, encoded', readNote, modernHeaders('tools/call', `=?base64?${Buffer.from(token).toString('base64')}?=`)],
    ['Mcp-Method', readNote, modernHeaders(token)],
    ['MCP-Protocol-Version', readNote, headers(['MCP-Protocol-Version', token], ['Mcp-Method', 'tools/call'])],
    ['a name', modernRequest('tools/call', { name: token }), modernHeaders('tools/call', 'x')],
    ['a method', modernRequest(token.slice(0, 256)), modernHeaders('ping')],
    ['a version', modernRequest('ping', { _meta: { ...envelope, [versionKey]: token } }), headers()],
  ])('is not quoted, not even its beginning: %s', (_where, message, sent) => {
    const { detail } = refused(message, sent);
    expect(JSON.stringify(detail)).toContain('(looks like a credential)');
    expect(JSON.stringify(detail)).not.toMatch(/eyJ|ZXlK/);
  });
});

describe('the version of a modern request', () => {
  const withMeta = (meta: JsonObject): RpcMessage => modernRequest('server/discover', { _meta: meta });
  const claiming = (claim: string): RpcMessage => withMeta({ ...envelope, [versionKey]: claim });

  test.each(['2099-01-01', 'v999.0.0', '2025-11-25', ''])('is refused when it is not served: %j', (claim) => {
    const sent = headers(['MCP-Protocol-Version', claim], ['Mcp-Method', 'server/discover']);
    expect(refused(claiming(claim), sent)).toMatchObject({
      reason: 'unsupported_version',
      status: 400,
      rpcCode: -32_022,
      data: { supported: ['2026-07-28'], requested: claim },
    });
  });

  test('is refused as unsupported before missing headers are, and as a mismatch before that', () => {
    expect(refused(claiming('2099-01-01'), headers()).reason).toBe('unsupported_version');
    expect(refused(claiming('2099-01-01'), modernHeaders('server/discover'))).toMatchObject(mismatch);
    const wrongMethod = headers(['MCP-Protocol-Version', '2099-01-01'], ['Mcp-Method', 'ping']);
    expect(refused(claiming('2099-01-01'), wrongMethod)).toMatchObject(mismatch);
  });

  test('is echoed shortened', () => {
    expect(refused(claiming('9'.repeat(5_000)), headers()).data).toMatchObject({ requested: `${'9'.repeat(127)}…` });
  });

  test('must be claimed in the body when the header is modern', () => {
    const sent = modernHeaders('tools/call', 'read-note');
    const missing = { reason: 'header_mismatch', status: 400, rpcCode: -32_602 };
    expect(refused(legacyRequest('tools/call', { name: 'read-note' }), sent)).toMatchObject(missing);
    expect(refused(legacyRequest('tools/call', { name: 'read-note', _meta: {} }), sent)).toMatchObject(missing);
    expect(refused(legacyRequest('ping'), modernHeaders('ping'))).toMatchObject(missing);
    expect(refused(legacyRequest('ping'), headers())).toMatchObject(missing);
  });

  test('can not be the header’s alone for initialize', () => {
    expect(
      refused(legacyRequest('initialize', { protocolVersion: '2025-11-25' }), modernHeaders('initialize')),
    ).toMatchObject(mismatch);
  });

  test.each<[string, JsonObject]>([
    ['a version that is no text', { ...envelope, [versionKey]: 20_260_728 }],
    ['a null version', { ...envelope, [versionKey]: null }],
    ['no capabilities', { [versionKey]: '2026-07-28' }],
    ['capabilities that are no object', { ...envelope, 'io.modelcontextprotocol/clientCapabilities': [] }],
    ['a client without version', { ...envelope, 'io.modelcontextprotocol/clientInfo': { name: 'x' } }],
    ['a client that is a text', { ...envelope, 'io.modelcontextprotocol/clientInfo': 'x' }],
  ])('needs a whole envelope: %s is refused', (_what, meta) => {
    expect(refused(withMeta(meta), modernHeaders('server/discover'))).toMatchObject({
      reason: 'malformed_rpc',
      status: 400,
      rpcCode: -32_602,
    });
  });

  test('does not need to know the client', () => {
    const meta = { [versionKey]: '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    const call = matchCall(withMeta(meta), modernHeaders('server/discover'), 'modern');
    expect(call.client).toBeUndefined();
  });
});

describe('the headers of a modern notification', () => {
  const bare = notification('notifications/cancelled', { requestId: 1 });
  const claiming = (claim: unknown): RpcMessage =>
    notification('notifications/cancelled', { _meta: { [versionKey]: claim as string } });

  test('may be missing when the body claims the version', () => {
    expect(accepted(claiming('2026-07-28'), headers())).toBe('2026-07-28');
  });

  test('need only the version when the body claims none', () => {
    expect(accepted(bare, headers(version))).toBe('2026-07-28');
    expect(refused(bare, headers())).toMatchObject(mismatch);
    expect(refused(bare, headers(['MCP-Protocol-Version', '2025-11-25']))).toMatchObject(mismatch);
    expect(refused(bare, headers(['MCP-Protocol-Version', '2099-01-01'])).reason).toBe('unsupported_version');
  });

  test('must agree when they are there', () => {
    expect(refused(claiming('2026-07-28'), headers(['MCP-Protocol-Version', '2025-11-25']))).toMatchObject(mismatch);
    expect(refused(bare, headers(version, ['Mcp-Method', 'notifications/progress']))).toMatchObject(mismatch);
    expect(refused(bare, headers(version, version))).toMatchObject(mismatch);
    expect(accepted(bare, headers(version, ['Mcp-Method', 'notifications/cancelled']))).toBe('2026-07-28');
  });

  test('do not include Mcp-Name, whatever it says', () => {
    const message = notification('tools/call', { name: 'write-note' });
    const call = matchCall(message, headers(version, nameHeader('read-note')), 'modern');
    expect(call).toMatchObject({ kind: 'notification', id: undefined, target: { kind: 'tool', name: 'write-note' } });
  });

  test('do not save a version that is no text or not served', () => {
    expect(refused(claiming(1), headers())).toMatchObject({ reason: 'malformed_rpc', rpcCode: -32_602 });
    expect(refused(claiming('2025-11-25'), headers()).reason).toBe('unsupported_version');
  });
});
