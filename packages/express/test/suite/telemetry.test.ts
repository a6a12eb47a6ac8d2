import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mount, statelessHandler } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type RpcOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

const exporter = new InMemorySpanExporter();
let guarded: Guarded;
let url: string;
let mountedUrl: string;

function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  server.registerTool('whoami', {}, () => {
    trace.getTracer('tool').startSpan('work').end();
    return { content: [] };
  });
  server.registerTool('read-note', {}, () => {
    throw new Error('the note is gone');
  });
  return server;
}

/** A host that has set up OpenTelemetry, and a tool that traces its own work. */
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  guarded = await openGuarded();
  url = await guarded.serveHandler(statelessHandler(buildServer));
  mountedUrl = await guarded.serveHandler(mount(toNodeHandler(createMcpHandler(buildServer))));
});
afterAll(async () => {
  await guarded.close();
  trace.disable();
  context.disable();
});
beforeEach(() => exporter.reset());

const remote = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';
const traceparent = `00-${remote}-${parent}-01`;

function serverSpans(): ReadableSpan[] {
  return exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER);
}

/** The first part of a call with this name. */
function partOf(span: ReadableSpan | undefined, name: string): ReadableSpan | undefined {
  return exporter
    .getFinishedSpans()
    .find((part) => part.name === name && part.parentSpanContext?.spanId === span?.spanContext().spanId);
}

async function spanOf(method: string, params: object, options: RpcOptions = {}, make = modern): Promise<ReadableSpan> {
  await send(url, make(await guarded.token(['notes:read']), method, params, options));
  await until(() => serverSpans().length > 0, 'the span has ended');
  expect(serverSpans()).toHaveLength(1);
  return serverSpans()[0] as ReadableSpan;
}

describe('with OpenTelemetry set up by the host', () => {
  // @verifies TELEMETRY-ONE-SPAN
  it('a call is one server span, continued from the trace context in _meta, and records carry its ids', async () => {
    const before = guarded.records.length;
    const span = await spanOf('tools/call', { name: 'whoami', arguments: {} }, { meta: { traceparent } });
    const { traceId, spanId } = span.spanContext();
    expect(span.name).toBe('tools/call whoami');
    expect({ traceId, parent: span.parentSpanContext?.spanId }).toEqual({ traceId: remote, parent });
    expect(guarded.records.slice(before).map((record) => record.trace)).toEqual([
      { traceId, spanId },
      { traceId, spanId },
    ]);
  });

  it.each(['statelessHandler', 'mount'])('what the tool traces is part of its call, with %s', async (handler) => {
    const to = handler === 'mount' ? mountedUrl : url;
    await send(to, modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} }));
    await until(() => serverSpans().length > 0, 'the span has ended');
    const work = exporter.getFinishedSpans().find(({ name }) => name === 'work');
    expect(work?.parentSpanContext?.spanId).toBe(partOf(serverSpans()[0], 'sallyport.handler')?.spanContext().spanId);
  });

  it('a call without a valid trace context begins a trace of its own', async () => {
    const span = await spanOf('tools/list', {}, { meta: { traceparent: 'nonsense\r\n' } });
    expect(span.name).toBe('tools/list');
    expect(span.parentSpanContext).toBeUndefined();
  });

  it('a call of a 2025-era client is one span too', async () => {
    const params = { name: 'whoami', arguments: {}, _meta: { traceparent } };
    expect((await spanOf('tools/call', params, {}, legacy)).spanContext().traceId).toBe(remote);
  });

  it('a refused call is one span that names the refusal, and its record carries the ids', async () => {
    const before = guarded.records.length;
    const span = await spanOf('tools/call', { name: 'write-note', arguments: {} }, { meta: { traceparent } });
    expect(span.attributes['error.type']).toBeDefined();
    expect(guarded.records.slice(before).map((record) => record.trace?.traceId)).toEqual([remote]);
    expect(partOf(span, 'sallyport.authorize')?.attributes).toEqual({
      'sallyport.effect': 'deny',
      'sallyport.enforced': true,
      'sallyport.reason': 'insufficient_scope',
    });
    expect(partOf(span, 'sallyport.handler')).toBeUndefined();
  });

  it('a tool that fails marks its span', async () => {
    const span = await spanOf('tools/call', { name: 'read-note', arguments: {} });
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toBe('tool_error');
  });

  it('a message whose headers say something else is one span, without a target', async () => {
    const span = await spanOf('tools/call', { name: 'whoami' }, { headers: { 'mcp-name': 'read-note' } });
    expect(span.name).toBe('tools/call');
    expect(span.attributes).toMatchObject({ 'error.type': '-32020', 'sallyport.reason': 'header_mismatch' });
    expect(span.attributes).not.toHaveProperty('gen_ai.tool.name');
  });

  it('the parts of a call come after one another within it', async () => {
    const span = await spanOf('tools/call', { name: 'whoami', arguments: {} });
    const names = ['authenticate', 'authorize', 'audit', 'handler'].map((name) => `sallyport.${name}`);
    const parts = names.map((name) => partOf(span, name));
    const times = [span.startTime, ...parts.flatMap((part) => [part?.startTime, part?.endTime]), span.endTime];
    const ns = times.map((time) => BigInt(time?.[0] ?? 0) * 1_000_000_000n + BigInt(time?.[1] ?? 0));
    expect([...ns].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))).toEqual(ns);
    const audits = exporter.getFinishedSpans().filter(({ name }) => name === 'sallyport.audit');
    expect(audits.map(({ attributes }) => attributes['sallyport.audit.record'])).toEqual(['decision', 'outcome']);
  });

  it('a name that the card does not have stands nowhere', async () => {
    const span = await spanOf('tools/call', { name: 'made-up-name', arguments: {} });
    expect(span.name).toBe('tools/call');
    expect(JSON.stringify(span.attributes)).not.toContain('made-up-name');
  });

  it('a request that never becomes a call makes no span', async () => {
    await send(url, modern('', 'tools/list'));
    await send(url, { ...modern(await guarded.token(), 'tools/list'), body: '[]' });
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('no span holds a token or who called', async () => {
    const token = await guarded.token(['notes:read'], 'a-subject-to-be-hidden');
    await send(url, modern(token, 'tools/call', { name: 'whoami', arguments: { text: 'an-argument' } }));
    await until(() => serverSpans().length > 0, 'the span has ended');
    const text = JSON.stringify(
      serverSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    );
    for (const secret of [token, 'a-subject-to-be-hidden', 'an-argument', 'Bearer']) expect(text).not.toContain(secret);
  });
});
