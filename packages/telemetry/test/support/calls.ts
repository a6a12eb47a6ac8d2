import type { CallEnd, CallStart, JsonObject, McpCall } from '@sallyport/core';

export const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
export const spanId = '00f067aa0ba902b7';

/** A `tools/call` of `read-note`, but for what is given. */
export function call(over: Partial<McpCall> = {}, meta?: JsonObject): McpCall {
  return {
    kind: 'request',
    era: 'modern',
    protocolVersion: '2026-07-28',
    id: 7,
    method: 'tools/call',
    target: { kind: 'tool', name: 'read-note' },
    targets: [],
    arguments: { id: 'secret-argument' },
    client: 'test/1',
    message: { jsonrpc: '2.0', ...(meta === undefined ? {} : { params: { _meta: meta } }) },
    ...over,
  };
}

export function start(over: Partial<McpCall> = {}, meta?: JsonObject): CallStart {
  return {
    call: call(over, meta),
    principal: null,
    startedAtMs: 1_790_000_000_123.5,
    source: { ip: '192.0.2.7', port: 5151 },
  };
}

export const ok: CallEnd = { kind: 'outcome', outcome: { status: 'ok', httpStatus: 200 } };
