import { headerMismatch, unsupportedVersion } from './match-refusals.ts';
import { member } from './json.ts';
import { claimsVersion } from './match-modern.ts';
import type { McpHeaders } from './mcp-headers.ts';
import { isModernVersion, protocolVersions, unnamedVersion } from './protocol-versions.ts';
import type { RpcMessage } from './rpc-message.ts';

/**
 * Checks a message of the 2025 era against its only header that matters and returns its protocol version: the header's,
 * for `initialize` the one its body asks for, else 2025-03-26. `Mcp-Method` and `Mcp-Name` are ignored.
 */
export function matchLegacy(message: RpcMessage, headers: McpHeaders): string {
  const header = headers.protocolVersion[0];
  const handshake = message.kind === 'request' && message.method === 'initialize';
  // Two lines, one of them modern, would be of one era here and of another one elsewhere.
  if (headers.protocolVersion.length > 1) throw versionMismatch(headers);
  if (message.kind !== 'response' && !handshake && claimsVersion(message.params)) {
    throw headerMismatch('MCP-Protocol-Version', headers.protocolVersion, 'a modern message');
  }
  if (header !== undefined && isModernVersion(header)) {
    throw versionMismatch(headers, message.kind === 'request' && !handshake ? -32_602 : undefined);
  }
  if (handshake) return askedVersion(member(message.params, 'protocolVersion'));
  if (header === undefined) return unnamedVersion;
  if (!protocolVersions.legacy.includes(header)) throw unsupportedVersion('legacy', header);
  return header;
}

// `initialize` may ask for any version: the server answers with one it has.
function askedVersion(asked: unknown): string {
  return typeof asked === 'string' && protocolVersions.legacy.includes(asked) ? asked : unnamedVersion;
}

function versionMismatch(headers: McpHeaders, rpcCode?: number): Error {
  return headerMismatch('MCP-Protocol-Version', headers.protocolVersion, 'a 2025-era message', rpcCode);
}
