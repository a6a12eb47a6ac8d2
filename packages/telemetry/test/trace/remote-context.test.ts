import { TraceFlags } from '@opentelemetry/api';
import type { JsonObject } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { parseTraceParent, parseTraceState, remoteContext } from '../../src/trace/remote-context.ts';

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

  // @verifies G-25
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

describe('parseTraceState', () => {
  it('reads up to 32 members and 512 characters', () => {
    const members = Array.from({ length: 32 }, (_, index) => `k${index}=1`);
    expect(parseTraceState(members.join(', '))?.get('k31')).toBe('1');
    expect(parseTraceState(`a=${'x'.repeat(256)},,b=1`)?.get('b')).toBe('1');
  });

  it.each([
    ['not a string', ['a=1']],
    ['empty', ''],
    ['nothing but commas', ',,'],
    ['of more than 512 characters', `a=1,${' '.repeat(510)}`],
    ['of more than 32 members', Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(',')],
    ['with a malformed key', 'good=1,BAD KEY=2'],
    ['with a line break', 'good=1,evil=line\nbreak'],
    ['with a key that is there twice', 'a=1,a=2'],
    ['malformed altogether', 'nonsense'],
  ])('drops one that is %s, as a whole', (_case, value) => {
    expect(parseTraceState(value)).toBeUndefined();
  });
});

describe('remoteContext', () => {
  it('carries tracestate and baggage along', () => {
    const found = remoteContext(
      message({ traceparent: valid, tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', baggage: 'a=1' }),
    );
    expect(found.span?.traceState?.get('congo')).toBe('t61rcWkgMzE');
    expect(found.baggage?.getEntry('a')?.value).toBe('1');
  });

  it('keeps what is valid when the rest is not', () => {
    const bad = { tracestate: `a=${'x'.repeat(511)}`, baggage: 'a' };
    expect(remoteContext(message({ traceparent: valid, ...bad }))).toEqual({
      span: { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true },
    });
    expect(remoteContext(message({ traceparent: 'x', tracestate: 'a=1', baggage: 'a=1' })).span).toBeUndefined();
    expect(remoteContext(message({ traceparent: 'x', baggage: 'a=1' })).baggage?.getEntry('a')?.value).toBe('1');
  });

  it('finds nothing in a message without params, without _meta, or with inherited names only', () => {
    expect(remoteContext({})).toEqual({});
    expect(remoteContext({ params: [] })).toEqual({});
    expect(remoteContext({ params: { _meta: 'x' } })).toEqual({});
    const inherited: JsonObject = Object.create({ traceparent: valid, baggage: 'a=1' });
    expect(remoteContext({ params: { _meta: inherited } })).toEqual({});
  });
});
