import {
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { CallObservation, CallStart, KeyedHash } from '@sallyport/core';
import type { Conventions } from '../conventions/conventions.ts';
import { callAttributes, spanName } from '../span/call-attributes.ts';
import { contentAttributes, type ContentLevel } from '../span/content-attributes.ts';
import { finishSpan } from '../span/finish-span.ts';
import { makeStageSpan } from '../span/stage-span.ts';
import { callContext, withBaggage, type RemoteParent } from '../trace/call-context.ts';
import { timesSince } from '../trace/hr-time.ts';
import { runIn } from '../trace/run-in.ts';

export interface SpanOptions {
  readonly conventions: Conventions;
  readonly remoteParent: RemoteParent;
  readonly content: ContentLevel;
  /** Hides what is not to be shown. */
  readonly hash: KeyedHash;
}

/**
 * Observes a call with one `SERVER` span and one `INTERNAL` span for each of its parts. `undefined` when the tracer makes nothing.
 * The parts are only observed when the span is recorded.
 */
export function observeSpans(tracer: Tracer, start: CallStart, options: SpanOptions): CallObservation | undefined {
  const { conventions, content, hash } = options;
  const at = timesSince(start.startedAtMs);
  const { parent, parentSpan, links, passedOn } = callContext(start.call.message, options.remoteParent);
  const span = tracer.startSpan(
    spanName(start),
    {
      kind: SpanKind.SERVER,
      startTime: at(0),
      attributes: callAttributes(start, hash),
      ...(links.length > 0 && { links: [...links] }),
    },
    parent,
  );
  const { traceId, spanId, traceFlags } = span.spanContext();
  // A tracer that makes nothing hands back the parent: those are ids the caller chose, not ours to record.
  if (!isSpanContextValid(span.spanContext()) || spanId === parentSpan?.spanId) return undefined;

  const recording = span.isRecording();
  const inside = trace.setSpan(parent, span);
  let handler: Span | undefined;
  let open = true;

  function handlerContext(): Context {
    const around = withBaggage(context.active(), passedOn);
    if (!recording) return trace.setSpan(around, span);
    const startTime = at(start.elapsedMs());
    handler = tracer.startSpan('sallyport.handler', { kind: SpanKind.INTERNAL, startTime }, inside);
    return trace.setSpan(around, handler);
  }

  function endHandler(failed: boolean): void {
    if (handler === undefined) return;
    if (failed) handler.setAttribute('error.type', '_OTHER').setStatus({ code: SpanStatusCode.ERROR });
    handler.end(at(start.elapsedMs()));
    handler = undefined;
  }

  if (recording) for (const stage of start.stages) makeStageSpan(tracer, stage, inside, at);
  return {
    trace: { traceId, spanId },
    traceFlags,
    run: (fn) => runIn(handlerContext, fn),
    end(end) {
      if (!open) return;
      open = false;
      try {
        endHandler(false);
        if (recording) span.setAttributes(contentAttributes(start.call, end, content, hash));
        finishSpan(span, end, at(end.durationMs), conventions);
      } catch {
        // The call is over; a span that can not be finished is lost.
      }
    },
    ...(recording && {
      handled: (failed) => quietly(() => endHandler(failed)),
      stage: (stage) => quietly(() => makeStageSpan(tracer, stage, inside, at)),
    }),
  };
}

/** An SDK that fails must not fail the call. */
function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // A span is lost.
  }
}
