import type { AuditMcp, McpCall } from '@sallyport/core';

/** The `mcp` part of a record. */
export function auditMcp(call: McpCall): AuditMcp {
  return {
    method: call.kind === 'response' ? 'response' : call.method,
    ...(call.id !== undefined && { requestId: call.id }),
    protocolVersion: call.protocolVersion,
    era: call.era,
    ...(call.client !== undefined && { client: call.client }),
  };
}
