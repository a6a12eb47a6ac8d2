import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { LogTrace, OperationalLogger } from '@sallyport/core';

/**
 * A logger whose lines carry the ids of the span that is active when they are written: `trace_id`, `span_id`, `trace_flags`. Ids that a
 * line has already stay. Without OpenTelemetry in the host no line changes.
 */
export function createTracedLogger(log: OperationalLogger): OperationalLogger {
  const traced = (fields: object): object => {
    if ('trace_id' in fields) return fields;
    const found = activeTrace();
    return found === undefined ? fields : { ...fields, ...found };
  };
  return {
    info: (fields, message) => log.info(traced(fields), message),
    warn: (fields, message) => log.warn(traced(fields), message),
    error: (fields, message) => log.error(traced(fields), message),
  };
}

function activeTrace(): LogTrace | undefined {
  try {
    const span = trace.getSpanContext(context.active());
    if (span === undefined || !isSpanContextValid(span)) return undefined;
    return { trace_id: span.traceId, span_id: span.spanId, trace_flags: span.traceFlags.toString(16).padStart(2, '0') };
  } catch {
    // A context manager that fails must not cost the line.
    return undefined;
  }
}
