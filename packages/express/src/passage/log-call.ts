import { logEvent, type LogEventCode, type LogEventFields, type LogTrace } from '@sallyport/core';
import { concealArguments } from './conceal-arguments.ts';
import type { Passage } from './passage.ts';

/** The events that are about one call. */
type CallEvent = { [Code in LogEventCode]: 'call' extends keyof LogEventFields<Code> ? Code : never }[LogEventCode];

/**
 * Writes a line about a call: with the id its records have, and with the ids of its span, whoever keeps the log. What of an error repeats
 * an argument of the call is not written.
 */
export function logCall<Code extends CallEvent>(
  passage: Passage,
  code: Code,
  fields?: Omit<LogEventFields<Code>, 'call'>,
): void {
  const given: { readonly error?: unknown } = { ...fields };
  const error = given.error === undefined ? undefined : concealArguments(given.error, passage.call?.arguments);
  const line = { ...given, error, call: passage.id, ...traceOf(passage) };
  logEvent(passage.runtime.log, code, line as LogEventFields<Code> & LogTrace);
}

function traceOf({ observation }: Passage): LogTrace {
  if (observation?.trace === undefined) return {};
  const { traceId, spanId } = observation.trace;
  const flags = observation.traceFlags;
  return {
    trace_id: traceId,
    span_id: spanId,
    ...(flags !== undefined && { trace_flags: flags.toString(16).padStart(2, '0') }),
  };
}
