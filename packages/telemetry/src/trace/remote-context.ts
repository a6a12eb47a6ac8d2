import { createTraceState, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { member, type JsonObject } from '@sallyport/core';

/** Longest `tracestate` that is read, in characters. W3C Trace Context §3.3.1.5 asks for at least this many. */
const maxTraceStateLength = 512;
/** Longest `traceparent` of a future version that is read, in characters. Version 00 has exactly 55. */
const maxTraceParentLength = 256;

/**
 * The span of the caller, from `params._meta` of a message (SEP-414): `traceparent` and `tracestate` as W3C Trace Context
 * writes them. `baggage` is not read.
 *
 * The values come from the caller and are worth nothing as evidence: they say where a span belongs in somebody's trace,
 * never who is calling. Anything malformed is as good as absent: this function never throws.
 */
export function remoteSpanContext(message: JsonObject): SpanContext | undefined {
  const meta = member(member(message, 'params'), '_meta');
  const spanContext = parseTraceParent(member(meta, 'traceparent'));
  if (spanContext === undefined) return undefined;
  const state = member(meta, 'tracestate');
  if (typeof state !== 'string' || state === '' || state.length > maxTraceStateLength) return spanContext;
  return { ...spanContext, traceState: createTraceState(state) };
}

/**
 * Reads a `traceparent` (W3C Trace Context §3.2). Version 00 must match exactly; of a later version the known part is read,
 * as §4.3 asks. Version ff, capital letters, and ids that are all zeros are invalid. Of the flags only `sampled` is kept.
 */
export function parseTraceParent(value: unknown): SpanContext | undefined {
  if (typeof value !== 'string' || value.length < 55 || value.length > maxTraceParentLength) return undefined;
  if (value[2] !== '-' || value[35] !== '-' || value[52] !== '-') return undefined;
  if (!isHex(value, 0, 2) || !isHex(value, 3, 35) || !isHex(value, 36, 52) || !isHex(value, 53, 55)) return undefined;
  const version = value.slice(0, 2);
  if (version === 'ff') return undefined;
  if (value.length > 55 && (version === '00' || value[55] !== '-')) return undefined;
  const traceId = value.slice(3, 35);
  const spanId = value.slice(36, 52);
  if (isZero(traceId) || isZero(spanId)) return undefined;
  const sampled = (Number.parseInt(value.slice(53, 55), 16) & 1) === 1;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function isHex(value: string, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) {
    const code = value.charCodeAt(index);
    const digit = code >= 0x30 && code <= 0x39;
    const letter = code >= 0x61 && code <= 0x66;
    if (!digit && !letter) return false;
  }
  return true;
}

function isZero(hex: string): boolean {
  for (let index = 0; index < hex.length; index += 1) {
    if (hex[index] !== '0') return false;
  }
  return true;
}
