import type { CallEnd } from '@sallyport/core';
import type { Conventions } from './conventions.ts';

/** What the conventions say of how a call ended. */
export interface CallFailure {
  /** `error.type`: absent when the operation did not fail. */
  readonly errorType?: string;
  /** `rpc.response.status_code`: the JSON-RPC error code of the answer. */
  readonly rpcStatus?: string;
  /** What the caller was told, when that is a text of ours. */
  readonly message?: string;
}

/** Codes that say that the caller asked for what can not be served (model/mcp/common.yaml, mcp.server.status.attributes). */
const callerErrors = new Set([-32_700, -32_600, -32_601, -32_602, -32_002]);

const succeeded: CallFailure = {};

/**
 * `error.type` is the JSON-RPC code as a string, `tool_error` for a result with `isError`, and otherwise the status of the outcome
 * (`cancelled`, `disconnected`, `rejected`) or `_OTHER`.
 */
export function callFailure(end: CallEnd, conventions: Conventions): CallFailure {
  if (end.kind === 'refused') {
    const { rpcErrorCode, message } = end;
    return rpcErrorCode === undefined
      ? { errorType: 'tool_error', message }
      : ofCode(rpcErrorCode, conventions, message);
  }
  const { status } = end.outcome;
  if (status === 'ok') return succeeded;
  if (status === 'tool_error') return { errorType: 'tool_error' };
  if (end.rpcErrorCode !== undefined) return ofCode(end.rpcErrorCode, conventions);
  return { errorType: status === 'error' ? '_OTHER' : status };
}

function ofCode(code: number, conventions: Conventions, message?: string): CallFailure {
  const rpcStatus = String(code);
  if (conventions === 'gen_ai_latest_experimental' && callerErrors.has(code)) return { rpcStatus };
  return { errorType: rpcStatus, rpcStatus, ...(message !== undefined && { message }) };
}
