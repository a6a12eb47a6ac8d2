import { SpanStatusCode, type HrTime, type Span } from '@opentelemetry/api';
import type { CallEnd } from '@sallyport/core';
import { callFailure } from '../conventions/call-failure.ts';
import type { Conventions } from '../conventions/conventions.ts';

/**
 * Writes how a call ended on its span and ends it. The status is `ERROR` exactly when there is an `error.type`. A refusal also says
 * why, as `sallyport.reason`.
 */
export function finishSpan(span: Span, end: CallEnd, at: HrTime, conventions: Conventions): void {
  const { errorType, rpcStatus, message } = callFailure(end, conventions);
  if (rpcStatus !== undefined) span.setAttribute('rpc.response.status_code', rpcStatus);
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
  }
  if (end.kind === 'refused') span.setAttribute('sallyport.reason', end.reason);
  span.end(at);
}
