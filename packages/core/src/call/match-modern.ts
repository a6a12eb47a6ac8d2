import { Refusal } from '../errors/refusal.ts';
import { decodeHeaderValue, isPlainHeaderValue } from './header-value.ts';
import { headerMismatch, invalidParams, unsupportedVersion } from './match-refusals.ts';
import { isJsonObject, member, type JsonObject } from './json.ts';
import type { McpHeaders } from './mcp-headers.ts';
import { isModernVersion, protocolVersions } from './protocol-versions.ts';
import type { RpcMessage, RpcNotification, RpcRequest } from './rpc-message.ts';

const versionKey = 'io.modelcontextprotocol/protocolVersion';
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const clientInfoKey = 'io.modelcontextprotocol/clientInfo';

/** True when the message names its protocol version in `params._meta`, whatever the value. */
export function claimsVersion(params: JsonObject | undefined): boolean {
  const meta = member(params, '_meta');
  return isJsonObject(meta) && Object.hasOwn(meta, versionKey);
}

/**
 * Checks a message of the modern era against its headers and returns its protocol version.
 *
 * Notifications are held to what the SDK holds them to: a header that is there must agree, none must be there, except that
 * without a claim in the body the version header alone says that the notification is modern.
 */
export function matchModern(message: RpcMessage, headers: McpHeaders): string {
  if (message.kind === 'response') throw new Refusal('response_refused');
  if (headers.protocolVersion.length > 1) throw versionMismatch(message, headers);
  const version = claimsVersion(message.params) ? claimedVersion(message) : headerVersion(message, headers);
  const [sent] = headers.protocolVersion;
  if (sent !== undefined && sent !== version) throw versionMismatch(message, headers);
  if (headers.method.length > 0 && !mirrors(headers.method, message.method)) throw methodMismatch(message, headers);
  if (!protocolVersions.modern.includes(version)) throw unsupportedVersion('modern', version);
  if (message.kind === 'request') requireHeaders(message, headers);
  return version;
}

/** The version in the body, after the required parts of the envelope around it. */
function claimedVersion(message: RpcRequest | RpcNotification): string {
  const meta = member(message.params, '_meta');
  const version = member(meta, versionKey);
  if (typeof version !== 'string') throw invalidParams(`_meta["${versionKey}"] is not a string`);
  if (message.kind === 'request') {
    if (!isJsonObject(member(meta, capabilitiesKey)))
      throw invalidParams(`_meta["${capabilitiesKey}"] is not an object`);
    const client = member(meta, clientInfoKey);
    if (client !== undefined && !isImplementation(client)) {
      throw invalidParams(`_meta["${clientInfoKey}"] has no name or no version`);
    }
  }
  return version;
}

function isImplementation(value: unknown): boolean {
  return typeof member(value, 'name') === 'string' && typeof member(value, 'version') === 'string';
}

/** The version of a message whose body claims none. */
function headerVersion(message: RpcRequest | RpcNotification, headers: McpHeaders): string {
  const [version] = headers.protocolVersion;
  if (message.kind === 'notification' && version !== undefined && isModernVersion(version)) return version;
  // `initialize` is of the old era by definition; there the header is wrong, elsewhere the claim is missing.
  const handshake = message.method === 'initialize' || message.kind === 'notification';
  const body = handshake ? 'a 2025-era message' : `no _meta["${versionKey}"]`;
  throw headerMismatch('MCP-Protocol-Version', headers.protocolVersion, body, handshake ? undefined : -32_602);
}

function requireHeaders(message: RpcRequest, headers: McpHeaders): void {
  if (headers.protocolVersion.length === 0) throw versionMismatch(message, headers);
  if (headers.method.length === 0) throw methodMismatch(message, headers);
  const field = nameField(message.method);
  if (field === undefined) return;
  const name = member(message.params, field);
  // Without a name in the body there is nothing to mirror; the check of the parameters refuses that.
  if (headers.name.length === 0 && typeof name !== 'string') return;
  const [sent] = headers.name;
  const decoded = headers.name.length === 1 && sent !== undefined ? decodeHeaderValue(sent) : undefined;
  if (decoded === undefined || (typeof name === 'string' && decoded !== name)) {
    throw headerMismatch('Mcp-Name', headers.name, typeof name === 'string' ? name : undefined);
  }
}

/** The parameter that `Mcp-Name` mirrors (MCP 2026-07-28, standard request headers; SEP-2663, routing headers). */
function nameField(method: string): 'name' | 'uri' | 'taskId' | undefined {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return 'name';
    case 'resources/read':
      return 'uri';
    case 'tasks/get':
    case 'tasks/update':
    case 'tasks/cancel':
      return 'taskId';
    default:
      return undefined;
  }
}

function mirrors(lines: readonly string[], value: string): boolean {
  return lines.length === 1 && lines[0] === value && isPlainHeaderValue(value);
}

function versionMismatch(message: RpcRequest | RpcNotification, headers: McpHeaders): Refusal {
  const claim = member(member(message.params, '_meta'), versionKey);
  return headerMismatch('MCP-Protocol-Version', headers.protocolVersion, typeof claim === 'string' ? claim : undefined);
}

function methodMismatch(message: RpcRequest | RpcNotification, headers: McpHeaders): Refusal {
  return headerMismatch('Mcp-Method', headers.method, message.method);
}
