import { randomBytes } from 'node:crypto';
import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { createKeyedHash, noopObserver, type CallObservation, type CallStart, type Observer } from '@sallyport/core';
import type { Conventions } from './conventions/conventions.ts';
import { createMetrics, type Metrics } from './metrics/create-metrics.ts';
import { dispatcher } from './metrics/event-handlers.ts';
import { countCall } from './observation/count-call.ts';
import { observeContext } from './observation/observe-context.ts';
import { observeSpans, type SpanOptions } from './observation/observe-spans.ts';
import type { ContentLevel } from './span/content-attributes.ts';
import { noteRefusal } from './span/note-refusal.ts';
import type { RemoteParent } from './trace/call-context.ts';
import { findTracer } from './trace/find-tracer.ts';

const scope = '@sallyport/telemetry';

/** Shared: what is done with events that is no metric. */
const note = dispatcher([noteRefusal]);

export interface CreateTelemetryOptions {
  /**
   * `spans`: a span for every call, and metrics. `propagation-only`: metrics, and no span, for a host whose instrumentation makes one:
   * the handler runs in the caller's context, and the audit log gets its ids. `off`: nothing. Default `spans`.
   */
  readonly mode?: 'spans' | 'propagation-only' | 'off';
  /** The text of the semantic conventions that is followed. Default `1.41`. */
  readonly conventions?: Conventions;
  /** What the context in `params._meta` is to a call. Default `parent`. */
  readonly remoteParent?: RemoteParent;
  /** What of the content of tool calls is put on their spans, redacted. Default `none`. */
  readonly content?: ContentLevel;
  /**
   * Where spans go. Default: whatever provider the host has registered with `@opentelemetry/api` by the time of a call;
   * as long as there is none, observing a call costs a look-up and makes nothing.
   */
  readonly tracerProvider?: TracerProvider;
  /** Where metrics go. Default: whatever provider the host has registered with `@opentelemetry/api` by the time of an event. */
  readonly meterProvider?: MeterProvider;
  /** Where metrics go besides, in every mode, such as that of `openPrometheus`. Default: nowhere else. */
  readonly additionalMeterProviders?: readonly MeterProvider[];
}

/**
 * An observer that makes metrics of events, and one `SERVER` span per call with spans of its parts, after the OpenTelemetry semantic
 * conventions for MCP (status: development).
 *
 * The span's parent is the W3C trace context in the message's `params._meta`, when there is a valid one; the active span of the
 * host, such as that of the HTTP request, is then a link. Without it the active span is the parent. The span starts when the
 * request arrived and ends with the outcome or the refusal.
 *
 * Never throws, and never fails a call: a broken SDK loses spans and counts only. Identities, tokens and session ids are never put on
 * a span; arguments and results only with `content`.
 */
export function createTelemetry(options: CreateTelemetryOptions = {}): Observer {
  const { mode = 'spans', conventions = '1.41', remoteParent = 'parent', content = 'none' } = options;
  const { tracerProvider, meterProvider, additionalMeterProviders = [] } = options;
  const providers = mode === 'off' ? additionalMeterProviders : [meterProvider, ...additionalMeterProviders];
  if (providers.length === 0) return noopObserver;
  const metrics: readonly Metrics[] = providers.map((provider) => createMetrics(scope, provider, conventions));
  // A key for this process alone: nobody has to compare what spans hide with anything.
  const hash = createKeyedHash(randomBytes(32), { keyId: 'span' });
  const spans: SpanOptions = { conventions, remoteParent, content, hash };

  function observe(start: CallStart): CallObservation | undefined {
    try {
      if (mode === 'off') return undefined;
      if (mode === 'propagation-only') return observeContext(start, remoteParent);
      const tracer = findTracer(scope, tracerProvider);
      return tracer === undefined ? undefined : observeSpans(tracer, start, spans);
    } catch {
      // An SDK that can not start a span must not stop the call.
      return undefined;
    }
  }

  return {
    startCall(start) {
      // A posted JSON-RPC response answers a request of the server; it is no operation of its own.
      if (start.call.kind === 'response') return noopObserver.startCall(start);
      return countCall(metrics, start, observe(start) ?? noopObserver.startCall(start));
    },
    emit(event) {
      try {
        if (mode !== 'off') note(event);
      } catch {
        // A span of the host that can not be written to must not cost the count.
      }
      try {
        for (const each of metrics) each.emit(event);
      } catch {
        // An SDK that can not count must not stop what is counted.
      }
    },
    watch(read) {
      const stops = metrics.map((each) => each.watch(read));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
