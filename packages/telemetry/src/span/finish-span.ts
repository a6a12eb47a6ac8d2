import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { reasons, type CallEnd, type McpCall, type Reason } from '@sallyport/core';
import { cut } from './call-attributes.ts';

/** Refusals of names that nobody registered: the caller made them up, so they must not stay in the span's name. */
const inventedTargets = new Set<Reason>([
  'unknown_tool',
  'tool_not_in_card',
  'unknown_prompt',
  'prompt_not_in_card',
  'unknown_resource',
  'resource_not_in_card',
  'unknown_task',
]);

/**
 * Writes how a call ended on its span and ends it.
 *
 * `error.type` is the JSON-RPC code as a string, `tool_error` for a result with `isError`, and otherwise the status of the
 * outcome (`cancelled`, `disconnected` …). The status is `ERROR` exactly when there is an `error.type`. A refusal also says why,
 * as `sallyport.reason`, and keeps only what is of low cardinality in the span's name.
 */
export function finishSpan(span: Span, call: McpCall, end: CallEnd): void {
  const failure = describe(end);
  if (failure !== undefined) {
    span.setAttribute('error.type', failure.type);
    if (failure.rpcCode !== undefined) span.setAttribute('rpc.response.status_code', String(failure.rpcCode));
    span.setStatus({
      code: SpanStatusCode.ERROR,
      ...(failure.message === undefined ? {} : { message: failure.message }),
    });
  }
  if (end.kind === 'refused') {
    span.setAttribute('sallyport.reason', end.reason);
    if (end.reason === 'unknown_method') span.updateName('unknown method');
    else if (inventedTargets.has(end.reason)) span.updateName(cut(call.method));
  }
  span.end();
}

function describe(end: CallEnd): { type: string; rpcCode?: number; message?: string } | undefined {
  if (end.kind === 'refused') {
    return { type: String(end.rpcErrorCode), rpcCode: end.rpcErrorCode, message: reasons[end.reason].message };
  }
  const { status } = end.outcome;
  if (status === 'ok') return undefined;
  if (status === 'tool_error') return { type: 'tool_error' };
  if (end.rpcErrorCode !== undefined) return { type: String(end.rpcErrorCode), rpcCode: end.rpcErrorCode };
  return { type: status === 'error' ? '_OTHER' : status };
}
