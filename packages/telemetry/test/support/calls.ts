import {
  reasons,
  type CallEnd,
  type CallStart,
  type JsonObject,
  type McpCall,
  type OutcomeStatus,
  type Reason,
} from '@sallyport/core';

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

/** The start of such a call; `targetDeclared` unless said otherwise. */
export function start(over: Partial<McpCall> = {}, meta?: JsonObject, more: Partial<CallStart> = {}): CallStart {
  return {
    call: call(over, meta),
    targetDeclared: true,
    principal: null,
    startedAtMs: 1_790_000_000_123.5,
    elapsedMs: () => 4,
    source: { ip: '192.0.2.7', port: 5151, httpVersion: '1.1' },
    stages: [],
    ...more,
  };
}

export const ok: CallEnd = { kind: 'outcome', outcome: { status: 'ok', httpStatus: 200 }, durationMs: 5.25 };

/** An outcome like that of the given status. */
export function outcome(status: OutcomeStatus, rpcErrorCode?: number): CallEnd {
  return {
    kind: 'outcome',
    outcome: { status },
    durationMs: 5.25,
    ...(rpcErrorCode !== undefined && { rpcErrorCode }),
  };
}

/** A refusal with what is usual for its reason. */
export function refused(reason: Reason): CallEnd {
  const { message, status, rpcCode } = reasons[reason];
  return { kind: 'refused', reason, message, httpStatus: status, rpcErrorCode: rpcCode ?? status, durationMs: 5.25 };
}
