import { describe, expect, test } from 'vitest';
import type { McpCall } from '../../src/call/mcp-call.ts';
import type { McpHeaders } from '../../src/call/mcp-headers.ts';
import { parseCall } from '../../src/call/parse-call.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { headers, modernHeaders, modernRequest } from '../support/messages.ts';
import { refusalOf } from '../support/refusal-of.ts';

const limits = { jsonDepth: 64 };

function parse(text: string, sent: McpHeaders): McpCall {
  return parseCall(new TextEncoder().encode(text), sent, {
    limits,
    classifyEra: (message) => (JSON.stringify(message.message).includes('protocolVersion') ? 'modern' : 'legacy'),
  });
}

describe('parseCall', () => {
  test('goes from bytes and headers to one call', () => {
    const text = JSON.stringify(modernRequest('tools/call', { name: 'echo' }).message);
    expect(parse(text, modernHeaders('tools/call', 'echo'))).toMatchObject({
      era: 'modern',
      target: { kind: 'tool', name: 'echo' },
    });
    expect(parse('{"jsonrpc":"2.0","id":1,"method":"ping"}', headers())).toMatchObject({
      era: 'legacy',
      method: 'ping',
    });
  });

  test.each([
    ['not JSON', '{', 'malformed_rpc', -32_700],
    ['duplicates', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', 'dup_keys', -32_600],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 'batch_refused', -32_600],
    ['another shape', '{"jsonrpc":"2.0","id":1,"Method":"ping"}', 'malformed_rpc', -32_600],
    [
      'a name of another type',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":1}}',
      'malformed_rpc',
      -32_602,
    ],
  ])('refuses %s', (_what, text, reason, rpcCode) => {
    expect(refusalOf(() => parse(text, headers()))).toMatchObject({ reason, rpcCode });
  });

  test('lets the classifier refuse', () => {
    const classifyEra = (): never => {
      throw new Refusal('malformed_rpc');
    };
    const body = new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    expect(refusalOf(() => parseCall(body, headers(), { limits, classifyEra })).reason).toBe('malformed_rpc');
  });
});
