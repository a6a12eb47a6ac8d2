import type { Attributes } from '@opentelemetry/api';
import type { CallStart, McpCall } from '@sallyport/core';

/** Longest value a caller can put into a span, in characters; the rest is cut off. */
const maxLength = 256;

/** Methods whose resource URI the conventions want on the span. */
const resourceMethods = new Set([
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'notifications/resources/updated',
]);

/** `{mcp.method.name} {target}`; only tools and prompts are targets of a name, because URIs and task ids are unbounded. */
export function spanName(call: McpCall): string {
  const target = call.target?.kind === 'tool' || call.target?.kind === 'prompt' ? ` ${cut(call.target.name)}` : '';
  return `${cut(call.method)}${target}`;
}

/** What the MCP semantic conventions say of a server span when it starts. Arguments, results and session ids are left out. */
export function callAttributes({ call, source }: CallStart): Attributes {
  const attributes: Attributes = {
    'mcp.method.name': cut(call.method),
    'mcp.protocol.version': cut(call.protocolVersion),
    'network.transport': 'tcp',
    'network.protocol.name': 'http',
    'client.address': source.ip,
  };
  if (source.port !== undefined) attributes['client.port'] = source.port;
  if (call.kind === 'request' && call.id !== undefined) attributes['jsonrpc.request.id'] = cut(String(call.id));
  if (call.target?.kind === 'tool') attributes['gen_ai.tool.name'] = cut(call.target.name);
  if (call.target?.kind === 'prompt') attributes['gen_ai.prompt.name'] = cut(call.target.name);
  if (call.target?.kind === 'resource' && resourceMethods.has(call.method)) {
    attributes['mcp.resource.uri'] = cut(call.target.name);
  }
  if (call.method === 'tools/call') attributes['gen_ai.operation.name'] = 'execute_tool';
  return attributes;
}

export function cut(value: string): string {
  return value.length > maxLength ? value.slice(0, maxLength) : value;
}
