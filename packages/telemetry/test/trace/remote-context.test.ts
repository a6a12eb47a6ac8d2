import { TraceFlags } from '@opentelemetry/api';
import type { JsonObject } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { parseTraceParent, remoteSpanContext } from '../../src/trace/remote-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const valid = `00-${traceId}-${spanId}-01`;

function message(meta: Record<string, string>): JsonObject {
  return { params: { _meta: meta } };
}

describe('parseTraceParent', () => {
  it('reads the ids and the sampled flag of version 00', () => {
    expect(parseTraceParent(valid)).toEqual({ traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
    expect(parseTraceParent(`00-${traceId}-${spanId}-00`)?.traceFlags).toBe(TraceFlags.NONE);
  });

  it('keeps no flag but sampled', () => {
    expect(parseTraceParent(`00-${traceId}-${spanId}-fe`)?.traceFlags).toBe(TraceFlags.NONE);
    expect(parseTraceParent(`00-${traceId}-${spanId}-ff`)?.traceFlags).toBe(TraceFlags.SAMPLED);
  });

  it('reads the known part of a later version', () => {
    expect(parseTraceParent(`cc-${traceId}-${spanId}-01`)?.spanId).toBe(spanId);
    expect(parseTraceParent(`cc-${traceId}-${spanId}-01-what-the-future-brings`)?.spanId).toBe(spanId);
  });

  it.each([
    ['not a string', 42],
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['the forbidden version ff', `ff-${traceId}-${spanId}-01`],
    ['capital letters', valid.toUpperCase()],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['something after version 00', `${valid}-more`],
    ['a later version that goes on without a dash', `cc-${traceId}-${spanId}-01more`],
    ['a later version without end', `cc-${traceId}-${spanId}-01-${'a'.repeat(10_000)}`],
    ['letters that are not hexadecimal', `00-${traceId.slice(1)}g-${spanId}-01`],
    ['a dash in the wrong place', `00_${traceId}-${spanId}-01`],
    ['white space around it', ` ${valid.slice(0, 54)}`],
    ['a line break', `00-${traceId}-${spanId}-0\n`],
    ['digits of another script', `00-${traceId}-${spanId}-٠١`],
    ['an array', [valid]],
  ])('takes %s for absent', (_case, value) => {
    expect(parseTraceParent(value)).toBeUndefined();
  });
});

describe('remoteSpanContext', () => {
  it('carries the tracestate along', () => {
    const found = remoteSpanContext(
      message({ traceparent: valid, tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE' }),
    );
    expect(found?.traceState?.get('congo')).toBe('t61rcWkgMzE');
  });

  it('drops a tracestate of more than 512 characters and keeps the traceparent', () => {
    const found = remoteSpanContext(message({ traceparent: valid, tracestate: `a=${'x'.repeat(511)}` }));
    expect(found).toEqual({ traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
  });

  it('drops members of a tracestate that are malformed', () => {
    const found = remoteSpanContext(message({ traceparent: valid, tracestate: 'good=1,BAD KEY=2,evil=line\nbreak' }));
    expect(found?.traceState?.serialize()).toBe('good=1');
  });

  it('finds nothing in a message without params, without _meta, or with inherited names only', () => {
    expect(remoteSpanContext({})).toBeUndefined();
    expect(remoteSpanContext({ params: [] })).toBeUndefined();
    expect(remoteSpanContext({ params: { _meta: 'x' } })).toBeUndefined();
    const inherited: JsonObject = Object.create({ traceparent: valid });
    expect(remoteSpanContext({ params: { _meta: inherited } })).toBeUndefined();
  });
});
