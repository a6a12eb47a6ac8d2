import {
  context,
  ProxyTracerProvider,
  SpanStatusCode,
  trace,
  type ContextManager,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelemetry } from '../src/index.ts';
import { noopObserver } from '@sallyport/core';
import { createMetricSdk } from './support/metric-sdk.ts';
import { call, ok, outcome, refused, spanId, start, traceId } from './support/calls.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

function only(): ReadableSpan {
  const spans = exporter.getFinishedSpans();
  const [span] = spans;
  if (span === undefined || spans.length !== 1) throw new Error(`expected one span, got ${spans.length}`);
  return span;
}

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterEach(() => {
  exporter.reset();
  trace.disable();
  context.disable();
});

describe('createTelemetry', () => {
  it('gives a notification no request id and a posted response no span', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    telemetry
      .startCall(start({ kind: 'notification', id: undefined, method: 'notifications/cancelled', target: null }))
      .end(ok);
    expect(telemetry.startCall(start({ kind: 'response', method: '', target: null })).trace).toBeUndefined();
    expect(only().attributes).not.toHaveProperty('jsonrpc.request.id');
  });

  it('makes nothing without an SDK, not even for a caller that sends a trace context', () => {
    const seen = createTelemetry().startCall(start({}, { traceparent: `00-${traceId}-${spanId}-01` }));
    expect(seen.trace).toBeUndefined();
    expect(seen.run(() => trace.getActiveSpan())).toBeUndefined();
    seen.end(ok);
  });

  it('uses an SDK that the host registers later', () => {
    const telemetry = createTelemetry();
    telemetry.startCall(start()).end(ok);
    trace.setGlobalTracerProvider(provider);
    telemetry.startCall(start()).end(ok);
    expect(only().name).toBe('tools/call read-note');
  });

  it('never passes ids of the caller off as its own', () => {
    const idle = new ProxyTracerProvider();
    const seen = createTelemetry({ tracerProvider: { getTracer: (name) => idle.getTracer(name) } }).startCall(
      start({}, { traceparent: `00-${traceId}-${spanId}-01` }),
    );
    expect(seen.trace).toBeUndefined();
  });

  it('lets a call run when the SDK is broken', () => {
    const broken = {
      getTracer(): Tracer {
        throw new Error('broken');
      },
    };
    const seen = createTelemetry({ tracerProvider: broken }).startCall({ ...start(), call: call() });
    expect(seen.run(() => 'ran')).toBe('ran');
    seen.end(ok);
  });

  it('runs the handler once when the context manager is broken', () => {
    const manager: ContextManager = {
      active: () => {
        throw new Error('broken');
      },
      with: () => {
        throw new Error('broken');
      },
      bind: (_context, target) => target,
      enable: () => manager,
      disable: () => manager,
    };
    const seen = createTelemetry({ tracerProvider: provider }).startCall(start());
    context.disable();
    context.setGlobalContextManager(manager);
    let runs = 0;
    seen.run(() => (runs += 1));
    expect(runs).toBe(1);
    seen.end(ok);
  });

  it('passes errors of the handler on and runs it only once', () => {
    const seen = createTelemetry({ tracerProvider: provider }).startCall(start());
    let runs = 0;
    expect(() =>
      seen.run(() => {
        runs += 1;
        throw new Error('from the tool');
      }),
    ).toThrow('from the tool');
    expect(runs).toBe(1);
    seen.end(outcome('error', -32_603));
  });

  it('accepts events and makes no span of them', () => {
    createTelemetry({ tracerProvider: provider }).emit({ type: 'audit.gap', count: 1 });
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('says on the span of the host why a request was refused, which has no method yet', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    const http = provider.getTracer('http').startSpan('POST /mcp');
    context.with(trace.setSpan(context.active(), http), () => {
      telemetry.emit({ type: 'request.refused', reason: 'no_token', httpStatus: 401 });
    });
    http.end();
    telemetry.emit({ type: 'request.refused', reason: 'host_refused', httpStatus: 403 });
    expect(only().attributes).toEqual({ 'sallyport.reason': 'no_token' });
    expect(only().status.code).toBe(SpanStatusCode.UNSET);
  });

  it('counts a refusal also when the span of the host is broken', async () => {
    const { provider: meterProvider, collect } = createMetricSdk();
    const broken = provider.getTracer('http').startSpan('POST /mcp');
    broken.setAttribute = () => {
      throw new Error('broken');
    };
    const telemetry = createTelemetry({ meterProvider });
    context.with(trace.setSpan(context.active(), broken), () => {
      telemetry.emit({ type: 'request.refused', reason: 'no_token', httpStatus: 401 });
    });
    expect(Object.keys(await collect())).toContain('sallyport.requests.refused');
  });

  it('does nothing when it is off', () => {
    const telemetry = createTelemetry({ mode: 'off', tracerProvider: provider });
    expect(telemetry).toBe(noopObserver);
    telemetry.startCall(start()).end(ok);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('has few names of spans and values of attributes, whatever callers make up', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    for (let index = 0; index < 500; index += 1) {
      const invented = { targetDeclared: false };
      const name = `made-up-${index}`;
      telemetry.startCall(start({ target: { kind: 'tool', name } }, undefined, invented)).end(refused('unknown_tool'));
      telemetry.startCall(start({ method: name, target: null, protocolVersion: name })).end(refused('unknown_method'));
      telemetry
        .startCall(start({ method: 'prompts/get', target: { kind: 'prompt', name } }, undefined, invented))
        .end(refused('unknown_prompt'));
    }
    const spans = exporter.getFinishedSpans();
    expect(spans).toHaveLength(1_500);
    expect(new Set(spans.map((span) => span.name))).toEqual(new Set(['tools/call', '_OTHER', 'prompts/get']));
    expect(JSON.stringify(spans.map((span) => span.attributes))).not.toContain('made-up');
  });
});
