import {
  context,
  isSpanContextValid,
  SpanKind,
  trace,
  type HrTime,
  type MeterProvider,
  type Span,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { noopObserver, type CallObservation, type CallStart, type Observer } from '@sallyport/core';
import { auditMetrics } from './metrics/audit-metrics.ts';
import { decisionMetrics } from './metrics/decision-metrics.ts';
import { dispatch, type EventHandlers } from './metrics/event-handlers.ts';
import { callAttributes, spanName } from './span/call-attributes.ts';
import { finishSpan } from './span/finish-span.ts';
import { remoteSpanContext } from './trace/remote-context.ts';

const scope = '@sallyport/telemetry';

export interface CreateTelemetryOptions {
  /**
   * Where spans go. Default: whatever provider the host has registered with `@opentelemetry/api` by the time of a call;
   * as long as there is none, observing a call costs a look-up and makes nothing.
   */
  readonly tracerProvider?: TracerProvider;
  /** Where metrics go. Default: whatever provider the host has registered with `@opentelemetry/api` by the time of an event. */
  readonly meterProvider?: MeterProvider;
}

/**
 * An observer that makes metrics of events, and one `SERVER` span per call, after the OpenTelemetry semantic conventions for MCP
 * (semantic-conventions-genai, status: development).
 *
 * The span's parent is the W3C trace context in the message's `params._meta`, when there is a valid one; the active span of the
 * host, such as that of the HTTP request, is then a link. Without it the active span is the parent. The span starts when the
 * request arrived and ends with the outcome or the refusal.
 *
 * What the policy decides is counted in `sallyport.auth.decisions`.
 *
 * Never throws, and never fails a call: a broken SDK loses spans and counts only. Arguments, results, identities and session ids
 * are never put on a span.
 */
export function createTelemetry(options: CreateTelemetryOptions = {}): Observer {
  const { tracerProvider, meterProvider } = options;
  const tables: readonly EventHandlers[] = [decisionMetrics(scope, meterProvider), auditMetrics(scope, meterProvider)];
  return {
    startCall(start) {
      try {
        // A posted JSON-RPC response answers a request of the server; it is no operation of its own.
        const tracer = start.call.kind === 'response' ? undefined : findTracer(tracerProvider);
        if (tracer !== undefined) return observe(tracer, start);
      } catch {
        // An SDK that can not start a span must not stop the call.
      }
      return noopObserver.startCall(start);
    },
    emit(event) {
      try {
        dispatch(tables, event);
      } catch {
        // An SDK that can not count must not stop what is counted.
      }
    },
  };
}

/** The tracer to use, or undefined when the host has no SDK: the global provider is a proxy until one is registered. */
function findTracer(given: TracerProvider | undefined): Tracer | undefined {
  if (given !== undefined) return given.getTracer(scope);
  const registered: TracerProvider & { getDelegateTracer?(name: string): Tracer | undefined } =
    trace.getTracerProvider();
  return registered.getDelegateTracer === undefined ? registered.getTracer(scope) : registered.getDelegateTracer(scope);
}

function observe(tracer: Tracer, start: CallStart): CallObservation {
  const ambient = context.active();
  const ambientSpan = trace.getSpanContext(ambient);
  const remote = remoteSpanContext(start.call.message);
  const parent = remote === undefined ? ambient : trace.setSpanContext(ambient, remote);
  const linked = remote !== undefined && ambientSpan !== undefined && isSpanContextValid(ambientSpan);
  const span = tracer.startSpan(
    spanName(start.call),
    {
      kind: SpanKind.SERVER,
      startTime: hrTime(start.startedAtMs),
      attributes: callAttributes(start),
      ...(linked ? { links: [{ context: ambientSpan }] } : {}),
    },
    parent,
  );
  const { traceId, spanId } = span.spanContext();
  // A tracer that makes nothing hands back the parent: those are ids the caller chose, not ours to record.
  const made = isSpanContextValid(span.spanContext()) && spanId !== (remote ?? ambientSpan)?.spanId;
  if (!made) return noopObserver.startCall(start);

  let open = true;
  return {
    trace: { traceId, spanId },
    run: (fn) => runIn(span, fn),
    end(end) {
      if (!open) return;
      open = false;
      try {
        finishSpan(span, start.call, end);
      } catch {
        // The call is over; a span that can not be finished is lost.
      }
    },
  };
}

/** Epoch milliseconds as the API's exact form: a bare number could be taken for a monotonic time. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)];
}

/** Runs `fn` with the span active; when the context manager fails before it gets to `fn`, without. Errors of `fn` pass. */
function runIn<T>(span: Span, fn: () => T): T {
  let entered = false;
  try {
    return context.with(trace.setSpan(context.active(), span), () => {
      entered = true;
      return fn();
    });
  } catch (error) {
    if (entered) throw error;
    return fn();
  }
}
