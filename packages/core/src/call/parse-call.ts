import type { JsonLimits } from './json-limits.ts';
import { matchCall } from './match-call.ts';
import type { Era, McpCall } from './mcp-call.ts';
import type { McpHeaders } from './mcp-headers.ts';
import { readMessage, type RpcMessage } from './rpc-message.ts';
import { parseStrictJson } from './strict-json.ts';

export interface ParseCallOptions {
  readonly limits: JsonLimits;
  /** Which era a message belongs to; the SDK's `classifyInboundRequest` where it is installed. May throw a `Refusal`. */
  readonly classifyEra: (message: RpcMessage, headers: McpHeaders) => Era;
}

/**
 * The body of one POST and its MCP headers in, one frozen call out: strict JSON, the shape of the message, its era, headers
 * against body. Pure.
 *
 * @throws Refusal with every reason of `parseStrictJson`, `readMessage` and `matchCall`.
 */
export function parseCall(body: Uint8Array, headers: McpHeaders, options: ParseCallOptions): McpCall {
  const message = readMessage(parseStrictJson(body, options.limits));
  return matchCall(message, headers, options.classifyEra(message, headers));
}
