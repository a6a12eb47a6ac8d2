import {
  context,
  propagation,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
  type ContextManager,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelemetry } from '../src/index.ts';
import { call, ok, spanId, start, traceId } from './support/calls.ts';

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
  it('makes one server span per call, named after method and tool, from the arrival of the request on', () => {
    const seen = createTelemetry({ tracerProvider: provider }).startCall(start());
    seen.end(ok);

    const span = only();
    expect(span.name).toBe('tools/call read-note');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.startTime).toEqual([1_790_000_000, 123_500_000]);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2026-07-28',
      'jsonrpc.request.id': '7',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'read-note',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'client.address': '192.0.2.7',
      'client.port': 5151,
    });
    expect(seen.trace).toEqual({ traceId: span.spanContext().traceId, spanId: span.spanContext().spanId });
  });

  it('is the parent of what the handler does', () => {
    const seen = createTelemetry({ tracerProvider: provider }).startCall(start());
    const answer = seen.run(() => {
      provider.getTracer('handler').startSpan('query').end();
      return 42;
    });
    seen.end(ok);
    expect(answer).toBe(42);
    const [query, server] = exporter.getFinishedSpans();
    expect(query?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
  });

  it('takes the caller in params._meta as parent and links the active span', () => {
    const http = provider.getTracer('http').startSpan('POST /mcp');
    context.with(trace.setSpan(context.active(), http), () => {
      const meta = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'rojo=1', baggage: 'user=mallory' };
      const seen = createTelemetry({ tracerProvider: provider }).startCall(start({}, meta));
      seen.run(() => expect(propagation.getActiveBaggage()).toBeUndefined());
      seen.end(ok);
    });
    const span = only();
    expect(span.parentSpanContext).toMatchObject({ traceId, spanId, isRemote: true });
    expect(span.spanContext().traceId).toBe(traceId);
    expect(span.spanContext().traceState?.get('rojo')).toBe('1');
    expect(span.links.map((link) => link.context)).toEqual([http.spanContext()]);
  });

  it.each([
    ['none', undefined],
    ['a malformed one', { traceparent: `00-${traceId}-${spanId}-1` }],
    ['one that is no string', { traceparent: { length: 55 } }],
  ])('falls back to the active span when the message has %s', (_case, meta) => {
    const http = provider.getTracer('http').startSpan('POST /mcp');
    context.with(trace.setSpan(context.active(), http), () => {
      createTelemetry({ tracerProvider: provider }).startCall(start({}, meta)).end(ok);
    });
    expect(only().parentSpanContext?.spanId).toBe(http.spanContext().spanId);
    expect(only().links).toEqual([]);
  });

  it('names a span after a prompt, but not after a resource, a task or nothing', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    telemetry.startCall(start({ method: 'prompts/get', target: { kind: 'prompt', name: 'summarize' } })).end(ok);
    telemetry.startCall(start({ method: 'resources/read', target: { kind: 'resource', name: 'note:///1' } })).end(ok);
    telemetry.startCall(start({ method: 'tasks/get', target: { kind: 'task', name: 'task-1' } })).end(ok);
    telemetry.startCall(start({ method: 'tools/list', target: null })).end(ok);
    const spans = exporter.getFinishedSpans();
    expect(spans.map((span) => span.name)).toEqual([
      'prompts/get summarize',
      'resources/read',
      'tasks/get',
      'tools/list',
    ]);
    expect(spans[0]?.attributes['gen_ai.prompt.name']).toBe('summarize');
    expect(spans[1]?.attributes['mcp.resource.uri']).toBe('note:///1');
    expect(JSON.stringify(spans[2]?.attributes)).not.toContain('task-1');
  });

  it('gives a notification no request id and a posted response no span', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    telemetry
      .startCall(start({ kind: 'notification', id: undefined, method: 'notifications/cancelled', target: null }))
      .end(ok);
    expect(telemetry.startCall(start({ kind: 'response', method: '', target: null })).trace).toBeUndefined();
    expect(only().attributes).not.toHaveProperty('jsonrpc.request.id');
  });

  it('puts no argument and no endless name on a span', () => {
    const name = 'x'.repeat(100_000);
    createTelemetry({ tracerProvider: provider })
      .startCall(start({ id: name, method: name, target: { kind: 'tool', name } }))
      .end(ok);
    const span = only();
    expect(span.name.length).toBeLessThan(600);
    expect(JSON.stringify(span.attributes).length).toBeLessThan(2000);
    expect(JSON.stringify(span.attributes)).not.toContain('secret-argument');
  });

  it('marks a tool error', () => {
    createTelemetry({ tracerProvider: provider })
      .startCall(start())
      .end({ kind: 'outcome', outcome: { status: 'tool_error', httpStatus: 200 } });
    expect(only().attributes['error.type']).toBe('tool_error');
    expect(only().attributes).not.toHaveProperty('rpc.response.status_code');
    expect(only().status.code).toBe(SpanStatusCode.ERROR);
  });

  it('marks a JSON-RPC error with its code', () => {
    createTelemetry({ tracerProvider: provider })
      .startCall(start())
      .end({ kind: 'outcome', outcome: { status: 'error', httpStatus: 200 }, rpcErrorCode: -32_603 });
    expect(only().attributes).toMatchObject({ 'error.type': '-32603', 'rpc.response.status_code': '-32603' });
    expect(only().status.code).toBe(SpanStatusCode.ERROR);
  });

  it('marks a call that never got its answer', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    telemetry.startCall(start()).end({ kind: 'outcome', outcome: { status: 'disconnected' } });
    telemetry.startCall(start()).end({ kind: 'outcome', outcome: { status: 'error' } });
    expect(exporter.getFinishedSpans().map((span) => span.attributes['error.type'])).toEqual([
      'disconnected',
      '_OTHER',
    ]);
  });

  it('marks a refusal with the code that was answered and the reason', () => {
    createTelemetry({ tracerProvider: provider })
      .startCall(start())
      .end({ kind: 'refused', reason: 'insufficient_scope', httpStatus: 403, rpcErrorCode: 403 });
    const span = only();
    expect(span.name).toBe('tools/call read-note');
    expect(span.attributes).toMatchObject({
      'error.type': '403',
      'rpc.response.status_code': '403',
      'sallyport.reason': 'insufficient_scope',
    });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: expect.stringContaining('scope') });
  });

  it('takes names that a caller invented out of the span name', () => {
    const telemetry = createTelemetry({ tracerProvider: provider });
    telemetry
      .startCall(start({ target: { kind: 'tool', name: 'tool-81725' } }))
      .end({ kind: 'refused', reason: 'unknown_tool', httpStatus: 200, rpcErrorCode: -32_602 });
    telemetry
      .startCall(start({ method: 'made/up', target: null }))
      .end({ kind: 'refused', reason: 'unknown_method', httpStatus: 404, rpcErrorCode: -32_601 });
    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(['tools/call', 'unknown method']);
  });

  it('ends a span once', () => {
    const seen = createTelemetry({ tracerProvider: provider }).startCall(start());
    seen.end(ok);
    seen.end({ kind: 'outcome', outcome: { status: 'error' } });
    expect(only().status.code).toBe(SpanStatusCode.UNSET);
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

  it('still gives ids of its own for a span that is not sampled', () => {
    const sampledOut = new BasicTracerProvider({ sampler: new AlwaysOffSampler() });
    const seen = createTelemetry({ tracerProvider: sampledOut }).startCall(start());
    expect(seen.trace?.traceId).toMatch(/^[0-9a-f]{32}$/u);
    expect(seen.run(() => trace.getActiveSpan()?.spanContext().spanId)).toBe(seen.trace?.spanId);
    seen.end(ok);
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
    seen.end({ kind: 'outcome', outcome: { status: 'error' }, rpcErrorCode: -32_603 });
  });

  it('accepts events and makes nothing of them', () => {
    createTelemetry({ tracerProvider: provider }).emit({ type: 'audit.gap', count: 1 });
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
