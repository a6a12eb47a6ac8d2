import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { logEvent } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTracedLogger } from '../../src/index.ts';

const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const ids = { trace_id: spanContext.traceId, span_id: spanContext.spanId, trace_flags: '01' };

let lines: object[];
const say = (fields: object): void => void lines.push(fields);
const log = createTracedLogger({ info: say, warn: say, error: say });
const event = 'sallyport.issuer.keys_none';

beforeEach(() => {
  lines = [];
});
afterEach(() => context.disable());

describe('a line of the log', () => {
  it('has the ids of the span that is active when it is written', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    context.with(trace.setSpanContext(context.active(), spanContext), () => {
      for (const level of ['info', 'warn', 'error'] as const) log[level]({ event }, 'x');
    });
    expect(lines).toEqual(Array.from({ length: 3 }, () => ({ event, ...ids })));
  });

  it('keeps the ids it has', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const other = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), trace_flags: '00' };
    context.with(trace.setSpanContext(context.active(), spanContext), () => logEvent(log, event, other));
    expect(lines).toEqual([{ event, ...other }]);
  });

  it('has none without OpenTelemetry, and none of a span that is not valid', () => {
    const fields = { event };
    log.warn(fields, 'x');
    expect(lines[0]).toBe(fields);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const invalid = { ...spanContext, traceId: 'no' };
    context.with(trace.setSpanContext(context.active(), invalid), () => log.warn({ event }, 'x'));
    expect(lines[1]).toEqual({ event });
  });
});
