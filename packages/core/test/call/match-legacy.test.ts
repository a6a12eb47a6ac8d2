import { describe, expect, test } from 'vitest';
import { matchCall } from '../../src/call/match-call.ts';
import type { McpHeaders } from '../../src/call/mcp-headers.ts';
import { protocolVersions } from '../../src/call/protocol-versions.ts';
import type { RpcMessage } from '../../src/call/rpc-message.ts';
import type { Refusal } from '../../src/errors/refusal.ts';
import { headers, legacyRequest, modernRequest, notification, versionKey } from '../support/messages.ts';
import { refusalOf } from '../support/refusal-of.ts';

const versioned = (...versions: string[]): McpHeaders =>
  headers(...versions.map((line): [string, string] => ['MCP-Protocol-Version', line]));
const accepted = (message: RpcMessage, sent: McpHeaders): string => matchCall(message, sent, 'legacy').protocolVersion;
const refused = (message: RpcMessage, sent: McpHeaders): Refusal => refusalOf(() => matchCall(message, sent, 'legacy'));

describe('the version of a 2025-era message', () => {
  test('is 2025-03-26 when no header names it', () => {
    expect(accepted(legacyRequest('tools/list'), headers())).toBe('2025-03-26');
    expect(accepted(notification('notifications/initialized'), headers())).toBe('2025-03-26');
  });

  test.each(protocolVersions.legacy)('is what the header names: %s', (version) => {
    expect(accepted(legacyRequest('tools/list'), versioned(version))).toBe(version);
  });

  test.each(['2025-01-01', '1.0', ''])('is refused when the header names one that never was: %j', (version) => {
    expect(refused(legacyRequest('tools/list'), versioned(version))).toMatchObject({
      reason: 'unsupported_version',
      status: 400,
      rpcCode: -32_022,
      data: { supported: protocolVersions.legacy, requested: version },
    });
  });

  test('is refused when there are two headers', () => {
    const mismatch = { reason: 'header_mismatch', rpcCode: -32_020 };
    expect(refused(legacyRequest('ping'), versioned('2025-11-25', '2026-07-28'))).toMatchObject(mismatch);
    expect(refused(legacyRequest('ping'), versioned('2025-11-25', '2025-11-25'))).toMatchObject(mismatch);
    expect(refused(legacyRequest('initialize'), versioned('2025-11-25', '2025-11-25'))).toMatchObject(mismatch);
  });

  test('is refused when the header is modern', () => {
    expect(refused(legacyRequest('ping'), versioned('2026-07-28'))).toMatchObject({
      reason: 'header_mismatch',
      rpcCode: -32_602,
    });
    expect(refused(legacyRequest('initialize'), versioned('2026-07-28'))).toMatchObject({
      reason: 'header_mismatch',
      rpcCode: -32_020,
    });
    expect(refused(notification('notifications/x'), versioned('2026-07-28'))).toMatchObject({
      reason: 'header_mismatch',
      rpcCode: -32_020,
    });
  });

  test('is never that of a message that claims a version in its body', () => {
    expect(refused(modernRequest('ping'), headers()).reason).toBe('header_mismatch');
    expect(refused(notification('x', { _meta: { [versionKey]: '2025-11-25' } }), headers()).reason).toBe(
      'header_mismatch',
    );
  });
});

describe('initialize', () => {
  test('may ask for any version and send any header of its era', () => {
    expect(accepted(legacyRequest('initialize', { protocolVersion: '2025-06-18' }), headers())).toBe('2025-06-18');
    expect(accepted(legacyRequest('initialize', { protocolVersion: '2099-01-01' }), headers())).toBe('2025-03-26');
    expect(accepted(legacyRequest('initialize', { protocolVersion: 7 }), headers())).toBe('2025-03-26');
    expect(accepted(legacyRequest('initialize', { protocolVersion: '2024-11-05' }), versioned('2025-01-01'))).toBe(
      '2024-11-05',
    );
  });
});
