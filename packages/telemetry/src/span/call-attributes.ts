import type { Attributes } from '@opentelemetry/api';
import { recordedText, type CallStart, type KeyedHash } from '@sallyport/core';
import { knownMethod, other } from '../conventions/known-methods.ts';
import { knownVersion } from '../conventions/known-version.ts';

/** Longest text of a caller on a span, in characters. */
const maxLength = 256;

/** Methods whose resource URI the conventions want on the span. */
const resourceMethods = new Set([
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'notifications/resources/updated',
]);

/**
 * `{mcp.method.name} {target}`. Only tools and prompts of the card are targets of a name: there are few of them, and a caller can not
 * make up more. URIs and ids of tasks are without number.
 */
export function spanName({ call, targetDeclared }: CallStart): string {
  const method = knownMethod(call.method);
  const named = targetDeclared && (call.target?.kind === 'tool' || call.target?.kind === 'prompt');
  return named ? `${method} ${call.target.name}` : method;
}

/**
 * What the MCP semantic conventions say of a server span when it starts. Ids of sessions are left out, for who has one may be able to
 * use it; `jsonrpc.protocol.version` is always 2.0, which is not to be written. A text of the caller that looks like a credential is
 * replaced by a keyed hash.
 */
export function callAttributes(start: CallStart, hash: KeyedHash): Attributes {
  const { call, source } = start;
  const attributes: Attributes = {
    'mcp.method.name': knownMethod(call.method),
    'network.transport': 'tcp',
    'network.protocol.name': 'http',
    'client.address': source.ip,
  };
  const version = knownVersion(call.protocolVersion);
  if (version !== undefined) attributes['mcp.protocol.version'] = version;
  if (source.httpVersion !== undefined) attributes['network.protocol.version'] = source.httpVersion;
  if (source.port !== undefined) attributes['client.port'] = source.port;
  if (call.kind === 'request' && call.id !== undefined) {
    attributes['jsonrpc.request.id'] =
      typeof call.id === 'number' ? String(call.id) : recordedText(call.id, maxLength, hash);
  }
  if (call.method === 'tools/call') attributes['gen_ai.operation.name'] = 'execute_tool';
  addTarget(attributes, start, hash);
  return attributes;
}

function addTarget(attributes: Attributes, { call, targetDeclared }: CallStart, hash: KeyedHash): void {
  if (call.target === null) return;
  const { kind, name } = call.target;
  if (kind === 'tool') attributes['gen_ai.tool.name'] = targetDeclared ? name : other;
  if (kind === 'prompt') attributes['gen_ai.prompt.name'] = targetDeclared ? name : other;
  if (kind === 'resource' && resourceMethods.has(call.method)) {
    // A query may be the signature that opens the resource.
    const [uri = ''] = name.split(/[?#]/, 1);
    attributes['mcp.resource.uri'] = recordedText(uri, maxLength, hash);
  }
}
