import { readCallTargets } from './call-targets.ts';
import { claimedClient } from './claimed-client.ts';
import { isJsonObject, member, type JsonObject } from './json.ts';
import { matchLegacy } from './match-legacy.ts';
import { matchModern } from './match-modern.ts';
import type { Era, McpCall } from './mcp-call.ts';
import type { McpHeaders } from './mcp-headers.ts';
import type { RpcMessage } from './rpc-message.ts';

/**
 * Holds the headers of one message against its body and makes the one frozen call that policy, audit and handler see.
 *
 * `era` comes from the SDK's `classifyInboundRequest`, which accepts absent and some wrong headers; everything is checked
 * here again, and an era that the message contradicts is refused. The order of checks is the SDK's: envelope, version
 * header, method header, supported version, missing headers, name header, parameters.
 *
 * 2025-era headers are not trusted: the body decides, only an unknown or modern version header is refused.
 *
 * It does not look at what the method means, whether it exists, or whether the target does: that is for the authorizer.
 *
 * @throws Refusal `header_mismatch` (−32020; −32602 when the version header is modern and the body claims none),
 * `unsupported_version` (−32022), `malformed_rpc` (−32602), `too_large`, `response_refused`.
 */
export function matchCall(message: RpcMessage, headers: McpHeaders, era: Era): McpCall {
  const protocolVersion = era === 'modern' ? matchModern(message, headers) : matchLegacy(message, headers);
  const isCall = message.kind !== 'response';
  const targets = isCall ? readCallTargets(message.method, message.params, era) : [];
  const [target = null, second] = targets;
  return Object.freeze({
    kind: message.kind,
    era,
    protocolVersion,
    id: message.kind === 'notification' ? undefined : message.id,
    method: isCall ? message.method : '',
    target: second === undefined ? target : null,
    targets: Object.freeze(targets),
    arguments: isCall ? callArguments(message.method, message.params) : undefined,
    client: isCall ? claimedClient(message.method, message.params, era) : undefined,
    message: message.message,
  });
}

function callArguments(method: string, params: JsonObject | undefined): JsonObject | undefined {
  if (method !== 'tools/call' && method !== 'prompts/get') return undefined;
  const value = member(params, 'arguments');
  return isJsonObject(value) ? value : undefined;
}
