import { createTraceState, TraceFlags, type Baggage, type SpanContext, type TraceState } from '@opentelemetry/api';
import { member, type JsonObject } from '@sallyport/core';
import { parseBaggage } from './baggage.ts';

/** Longest `tracestate` that is read, in characters. W3C Trace Context §3.3.1.5 asks for at least this many. */
const maxTraceStateLength = 512;
/** Most members of a `tracestate` (W3C Trace Context §3.3.1.1). */
const maxTraceStateMembers = 32;
/** Longest `traceparent` of a future version that is read, in characters. Version 00 has exactly 55. */
const maxTraceParentLength = 256;

/** What a message says of the trace and of the baggage it is part of. */
export interface RemoteContext {
  readonly span?: SpanContext;
  readonly baggage?: Baggage;
}

/**
 * The context of the caller, from `params._meta` of a message (SEP-414): `traceparent` and `tracestate` as W3C Trace Context writes
 * them, `baggage` as W3C Baggage does.
 *
 * The values come from the caller and are worth nothing as evidence: they say where a span belongs in somebody's trace,
 * never who is calling. Anything malformed or too large is as good as absent: this function never throws.
 */
export function remoteContext(message: JsonObject): RemoteContext {
  const meta = member(member(message, 'params'), '_meta');
  if (meta === undefined) return {};
  const span = parseTraceParent(member(meta, 'traceparent'));
  const state = span === undefined ? undefined : parseTraceState(member(meta, 'tracestate'));
  const baggage = parseBaggage(member(meta, 'baggage'));
  return {
    ...(span !== undefined && { span: state === undefined ? span : { ...span, traceState: state } }),
    ...(baggage !== undefined && { baggage }),
  };
}

/** Reads a `tracestate` (W3C Trace Context §3.3). One member that is not valid makes all of it invalid. */
export function parseTraceState(value: unknown): TraceState | undefined {
  if (typeof value !== 'string' || value === '' || value.length > maxTraceStateLength) return undefined;
  const members = value.split(',').filter((text) => text.trim() !== '');
  if (members.length > maxTraceStateMembers) return undefined;
  const state = createTraceState(value);
  const kept = state.serialize();
  // The API passes over what is not valid, and over keys that are there twice.
  return kept !== '' && kept.split(',').length === members.length ? state : undefined;
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
