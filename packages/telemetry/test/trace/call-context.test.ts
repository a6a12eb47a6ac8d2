import { context, propagation, trace, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { JsonObject } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelemetry, type CreateTelemetryOptions } from '../../src/index.ts';
import { ok, spanId, start, traceId } from '../support/calls.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const traceparent = `00-${traceId}-${spanId}-01`;

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  exporter.reset();
  context.disable();
});

/** Makes one call inside a span of the host and tells what its handler found. */
function callInside(
  meta: JsonObject | undefined,
  options: CreateTelemetryOptions = {},
): {
  http: Span;
  trace: unknown;
  active: string | undefined;
  baggage: string | undefined;
  span: ReadableSpan | undefined;
} {
  const http = provider.getTracer('http').startSpan('POST /mcp');
  return context.with(trace.setSpan(context.active(), http), () => {
    const seen = createTelemetry({ tracerProvider: provider, ...options }).startCall(start({}, meta));
    const found = seen.run(() => ({
      active: trace.getActiveSpan()?.spanContext().traceId,
      baggage: propagation.getActiveBaggage()?.getEntry('user')?.value,
    }));
    seen.end(ok);
    const span = exporter.getFinishedSpans().find(({ name }) => name === 'tools/call read-note');
    return { http, trace: seen.trace, ...found, span };
  });
}

describe('telemetry.remoteParent', () => {
  const meta = { traceparent, tracestate: 'rojo=1', baggage: 'user=mallory' };

  it('parent: the caller is the parent, the span of the host a link, and the handler has the baggage', () => {
    const { http, active, baggage, span } = callInside(meta);
    expect(span?.parentSpanContext).toMatchObject({ traceId, spanId, isRemote: true });
    expect(span?.spanContext().traceState?.get('rojo')).toBe('1');
    expect(span?.links.map((link) => link.context)).toEqual([http.spanContext()]);
    expect({ active, baggage }).toEqual({ active: traceId, baggage: 'mallory' });
    expect(JSON.stringify(span?.attributes)).not.toContain('mallory');
  });

  it('link: the span of the host is the parent, the caller a link, and the handler has nothing of the caller', () => {
    const { http, active, baggage, span } = callInside(meta, { remoteParent: 'link' });
    expect(span?.parentSpanContext?.spanId).toBe(http.spanContext().spanId);
    expect(span?.links.map((link) => link.context.traceId)).toEqual([traceId]);
    expect({ active, baggage }).toEqual({ active: http.spanContext().traceId, baggage: undefined });
  });

  it('ignore: the caller is nowhere', () => {
    const { http, baggage, span } = callInside(meta, { remoteParent: 'ignore' });
    expect(span?.parentSpanContext?.spanId).toBe(http.spanContext().spanId);
    expect({ links: span?.links, baggage }).toEqual({ links: [], baggage: undefined });
  });

  // @verifies G-25
  it.each([
    ['none', undefined],
    ['a malformed one', { traceparent: `00-${traceId}-${spanId}-1` }],
    ['one that is no string', { traceparent: { length: 55 } }],
    [
      'one of 10,000 characters',
      { traceparent: traceparent + 'a'.repeat(10_000), baggage: `user=${'m'.repeat(10_000)}` },
    ],
    ['one with line breaks', { traceparent: `${traceparent}\r\n`, baggage: 'user=mallory\r\nx=1' }],
  ])('falls back to the span of the host when the message has %s', (_case, bad) => {
    const { http, baggage, span } = callInside(bad);
    expect(span?.parentSpanContext?.spanId).toBe(http.spanContext().spanId);
    expect({ links: span?.links, baggage }).toEqual({ links: [], baggage: undefined });
  });

  it('passes baggage on that comes without a trace', () => {
    expect(callInside({ baggage: 'user=mallory' }).baggage).toBe('mallory');
  });

  it('lets a caller decide about sampling as a parent, where the sampler of the host believes parents, and not as a link', () => {
    const sampler = new ParentBasedSampler({ root: new AlwaysOffSampler() });
    const cautious = new BasicTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const begin = start({}, { traceparent });
    createTelemetry({ tracerProvider: cautious, remoteParent: 'link' }).startCall(begin).end(ok);
    expect(exporter.getFinishedSpans()).toHaveLength(0);
    createTelemetry({ tracerProvider: cautious }).startCall(begin).end(ok);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });
});

describe('telemetry.mode propagation-only', () => {
  const mode = 'propagation-only';

  it('makes no span, runs the handler in the context of the caller and gives its ids to the record', () => {
    const seen = callInside({ traceparent, baggage: 'user=mallory' }, { mode });
    expect(seen.span).toBeUndefined();
    expect(seen).toMatchObject({ trace: { traceId, spanId }, active: traceId, baggage: 'mallory' });
  });

  it('leaves the span of the host active when the caller has none, and records that', () => {
    const { http, trace: recorded, active } = callInside(undefined, { mode });
    const { traceId: own, spanId: ownSpan } = http.spanContext();
    expect({ recorded, active }).toEqual({ recorded: { traceId: own, spanId: ownSpan }, active: own });
  });

  it('needs no span of the host either', () => {
    const seen = createTelemetry({ mode }).startCall(start());
    expect(seen.trace).toBeUndefined();
    expect(seen.run(() => trace.getActiveSpan())).toBeUndefined();
    seen.end(ok);
  });

  it('is not misled with link and ignore', () => {
    for (const remoteParent of ['link', 'ignore'] as const) {
      const { http, active, baggage } = callInside({ traceparent, baggage: 'user=m' }, { mode, remoteParent });
      expect({ active, baggage }).toEqual({ active: http.spanContext().traceId, baggage: undefined });
    }
  });
});
