import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { CallEnd, CallObservation, CallStart } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelemetry, type CreateTelemetryOptions } from '../../src/index.ts';
import { ok, outcome, refused, start } from '../support/calls.ts';
import { breaches, type SpanFacts } from '../support/server-span.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

function startCall(begin: CallStart, options: CreateTelemetryOptions = {}): CallObservation {
  return createTelemetry({ tracerProvider: provider, ...options }).startCall(begin);
}

function serverSpan(): ReadableSpan {
  const spans = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER);
  const [span] = spans;
  if (span === undefined || spans.length !== 1) throw new Error(`expected one server span, got ${spans.length}`);
  return span;
}

function part(name: string): ReadableSpan {
  const span = exporter.getFinishedSpans().find((each) => each.name === name);
  if (span === undefined) throw new Error(`there is no span ${name}`);
  return span;
}

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  exporter.reset();
  context.disable();
});

describe('the span of a call', () => {
  const answered = {
    method: 'tools/call',
    kind: 'request',
    target: 'read-note',
    failed: true,
    answeredCode: true,
  } as const;
  it.each<[string, CallEnd, SpanFacts, string | undefined]>([
    ['ok', ok, { ...answered, failed: false, answeredCode: false }, undefined],
    ['a tool error', outcome('tool_error'), { ...answered, answeredCode: false }, 'tool_error'],
    ['a crash', outcome('error', -32_603), answered, '-32603'],
    ['a cancelled call', outcome('cancelled'), { ...answered, answeredCode: false }, 'cancelled'],
    ['a client that left', outcome('disconnected'), { ...answered, answeredCode: false }, 'disconnected'],
    ['a call found open at the next start', outcome('aborted'), { ...answered, answeredCode: false }, 'aborted'],
    ['a denial', refused('insufficient_scope'), answered, '403'],
    ['an audit log that can not be written', refused('audit_unavailable'), answered, '-32603'],
  ])('is as the conventions say for %s', (_what, end, facts, errorType) => {
    startCall(start()).end(end);
    expect(breaches(serverSpan(), facts)).toEqual([]);
    expect(serverSpan().attributes['error.type']).toBe(errorType);
  });

  it('is as the conventions say for a message that was refused before it became a call', () => {
    startCall(start({ protocolVersion: '', target: null }, undefined, { targetDeclared: false })).end(
      refused('header_mismatch'),
    );
    expect(breaches(serverSpan(), { ...answered, target: undefined } as unknown as SpanFacts)).toEqual([]);
    expect(serverSpan().attributes).not.toHaveProperty('mcp.protocol.version');
  });

  it.each<[string, CallStart, SpanFacts]>([
    [
      'a list',
      start({ method: 'tools/list', target: null }),
      { method: 'tools/list', kind: 'request', failed: false, answeredCode: false },
    ],
    [
      'a prompt',
      start({ method: 'prompts/get', target: { kind: 'prompt', name: 'summarize' } }),
      { method: 'prompts/get', kind: 'request', target: 'summarize', failed: false, answeredCode: false },
    ],
    [
      'a resource',
      start({ method: 'resources/read', target: { kind: 'resource', name: 'note:///1' } }),
      { method: 'resources/read', kind: 'request', failed: false, answeredCode: false },
    ],
    [
      'a task',
      start({ method: 'tasks/get', target: { kind: 'task', name: 'task-1' } }),
      { method: 'tasks/get', kind: 'request', failed: false, answeredCode: false },
    ],
    [
      'a notification',
      start({ kind: 'notification', id: undefined, method: 'notifications/cancelled', target: null }),
      { method: 'notifications/cancelled', kind: 'notification', failed: false, answeredCode: false },
    ],
  ])('is as the conventions say for %s', (_what, begin, facts) => {
    startCall(begin).end(ok);
    expect(breaches(serverSpan(), facts)).toEqual([]);
    expect(JSON.stringify(serverSpan().attributes)).not.toContain('task-1');
  });

  it('has the attributes of the call, and lasts from the arrival until the answer may be sent', () => {
    startCall(start()).end(ok);
    const span = serverSpan();
    expect(span.startTime).toEqual([1_790_000_000, 123_500_000]);
    expect(span.endTime).toEqual([1_790_000_000, 128_750_000]);
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2026-07-28',
      'jsonrpc.request.id': '7',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'read-note',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'network.protocol.version': '1.1',
      'client.address': '192.0.2.7',
      'client.port': 5151,
    });
  });

  it('says why a call was refused, and to the status what the caller was told', () => {
    const end = refused('insufficient_scope');
    startCall(start()).end(end);
    expect(serverSpan().attributes['sallyport.reason']).toBe('insufficient_scope');
    expect(serverSpan().status).toEqual({
      code: SpanStatusCode.ERROR,
      message: end.kind === 'refused' ? end.message : '',
    });
  });

  it('is no error of the server where only the caller was wrong, with the conventions in development', () => {
    startCall(start(), { conventions: 'gen_ai_latest_experimental' }).end(refused('unknown_tool'));
    expect(serverSpan().status.code).toBe(SpanStatusCode.UNSET);
    expect(serverSpan().attributes).toMatchObject({
      'rpc.response.status_code': '-32602',
      'sallyport.reason': 'unknown_tool',
    });
    expect(serverSpan().attributes).not.toHaveProperty('error.type');
  });

  it('shows no name that only a caller knows', () => {
    const invented = { targetDeclared: false };
    startCall(start({ target: { kind: 'tool', name: 'tool-81725' } }, undefined, invented)).end(
      refused('unknown_tool'),
    );
    expect(serverSpan().name).toBe('tools/call');
    expect(serverSpan().attributes['gen_ai.tool.name']).toBe('_OTHER');
    exporter.reset();
    startCall(start({ method: 'made/up', protocolVersion: '2099-01-01', target: null })).end(refused('unknown_method'));
    expect(serverSpan().name).toBe('_OTHER');
    expect(serverSpan().attributes).toMatchObject({ 'mcp.method.name': '_OTHER', 'mcp.protocol.version': '_OTHER' });
  });

  it('shows no argument, no endless text and no credential of the caller', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const uri = `note:///1?token=${jwt}`;
    startCall(start({ id: 'x'.repeat(1_000), method: 'resources/read', target: { kind: 'resource', name: uri } })).end(
      ok,
    );
    startCall(start({ id: jwt })).end(ok);
    const text = JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes));
    expect(text.length).toBeLessThan(2_000);
    expect(text).not.toContain(jwt);
    expect(text).not.toContain('secret-argument');
  });

  it('shows the URI of a resource without its query and fragment', () => {
    const name = 'https://bucket.example/a?X-Made-Up=canary#canary';
    startCall(start({ method: 'resources/read', target: { kind: 'resource', name } })).end(ok);
    expect(serverSpan().attributes['mcp.resource.uri']).toBe('https://bucket.example/a');
  });

  it('ends once', () => {
    const seen = startCall(start());
    seen.end(ok);
    seen.end(outcome('error'));
    expect(serverSpan().status.code).toBe(SpanStatusCode.UNSET);
  });
});

describe('the parts of a call', () => {
  it('are spans below its own, with the times at which they were', () => {
    let elapsedMs = 2;
    const begin = start({}, undefined, {
      stages: [{ name: 'authenticate', fromMs: 0.5, toMs: 1.5 }],
      elapsedMs: () => elapsedMs,
    });
    const seen = startCall(begin);
    seen.stage?.({ name: 'authorize', fromMs: 2, toMs: 2.25, effect: 'allow', enforced: true });
    seen.stage?.({ name: 'audit', record: 'decision', fromMs: 2.25, toMs: 3, waitMs: 0.5, ok: true });
    elapsedMs = 3;
    seen.run(() => undefined);
    elapsedMs = 4;
    seen.handled?.(false);
    seen.end(ok);
    const parts = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.INTERNAL);
    expect(
      parts.map(({ name, startTime, endTime, parentSpanContext }) => [
        name,
        (startTime[1] - 123_500_000) / 1e6,
        (endTime[1] - 123_500_000) / 1e6,
        parentSpanContext?.spanId === serverSpan().spanContext().spanId,
      ]),
    ).toEqual([
      ['sallyport.authenticate', 0.5, 1.5, true],
      ['sallyport.authorize', 2, 2.25, true],
      ['sallyport.audit', 2.25, 3, true],
      ['sallyport.handler', 3, 4, true],
    ]);
    expect(part('sallyport.authorize').attributes).toEqual({ 'sallyport.effect': 'allow', 'sallyport.enforced': true });
    expect(part('sallyport.audit').attributes).toEqual({
      'sallyport.audit.record': 'decision',
      'sallyport.audit.wait': 0.0005,
    });
  });

  it('say that the log could not be written', () => {
    const seen = startCall(start());
    seen.stage?.({ name: 'audit', record: 'decision', fromMs: 2, toMs: 3, waitMs: 1, ok: false });
    seen.end(refused('audit_unavailable'));
    expect(part('sallyport.audit').status.code).toBe(SpanStatusCode.ERROR);
    expect(part('sallyport.audit').attributes['error.type']).toBe('audit_unavailable');
  });

  it('say that the handler failed, and end with the call at the latest', () => {
    const seen = startCall(start());
    seen.run(() => undefined);
    seen.handled?.(true);
    seen.end(outcome('error', -32_603));
    expect(part('sallyport.handler').status.code).toBe(SpanStatusCode.ERROR);
    exporter.reset();
    const left = startCall(start());
    left.run(() => undefined);
    left.end(outcome('disconnected'));
    left.handled?.(false);
    expect(part('sallyport.handler').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('are the parents of what the handler does', () => {
    const seen = startCall(start());
    const answer = seen.run(() => {
      provider.getTracer('handler').startSpan('query').end();
      return 42;
    });
    seen.end(ok);
    expect(answer).toBe(42);
    expect(part('query').parentSpanContext?.spanId).toBe(part('sallyport.handler').spanContext().spanId);
  });

  it('are not made, and not asked for, when the call is not sampled', () => {
    const sampledOut = new BasicTracerProvider({ sampler: new AlwaysOffSampler() });
    const seen = startCall(start(), { tracerProvider: sampledOut });
    expect(seen.stage).toBeUndefined();
    expect(seen.handled).toBeUndefined();
    expect(seen.run(() => trace.getActiveSpan()?.spanContext().spanId)).toBe(seen.trace?.spanId);
    seen.end(ok);
  });
});
