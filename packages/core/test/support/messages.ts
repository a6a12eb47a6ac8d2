import type { JsonObject, JsonValue } from '../../src/call/json.ts';
import { readMcpHeaders, type McpHeaders } from '../../src/call/mcp-headers.ts';
import { readMessage, type RpcMessage } from '../../src/call/rpc-message.ts';

export const versionKey = 'io.modelcontextprotocol/protocolVersion';

export const envelope: JsonObject = {
  [versionKey]: '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'inspector', version: '1.2.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A request of the 2025 era. */
export function legacyRequest(method: string, params?: JsonValue): RpcMessage {
  return readMessage({ jsonrpc: '2.0', id: 1, method, ...(params !== undefined && { params }) });
}

/** A request of revision 2026-07-28 with its envelope, which `_meta` in `params` replaces. */
export function modernRequest(method: string, params: JsonObject = {}): RpcMessage {
  return readMessage({ jsonrpc: '2.0', id: 1, method, params: { _meta: envelope, ...params } });
}

export function notification(method: string, params?: JsonObject): RpcMessage {
  return readMessage({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) });
}

/** Headers from pairs; no pair for what is missing. */
export function headers(...pairs: [name: string, value: string][]): McpHeaders {
  return readMcpHeaders(pairs.flat());
}

/** The headers a modern client sends. */
export function modernHeaders(method: string, name?: string): McpHeaders {
  return headers(
    ['MCP-Protocol-Version', '2026-07-28'],
    ['Mcp-Method', method],
    ...(name === undefined ? [] : [['Mcp-Name', name] as [string, string]]),
  );
}
