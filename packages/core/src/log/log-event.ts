import { errorFrames } from './error-text.ts';
import { loggedValue } from './logged-value.ts';
import { logEvents, type LogEventCode, type LogEventFields } from './log-events.ts';
import type { OperationalLogger } from './operational-logger.ts';

const maxStackLength = 4_096;

/** The call a line is about in the host's traces, in the names OpenTelemetry gives them in logs of other formats. */
export interface LogTrace {
  readonly trace_id?: string;
  readonly span_id?: string;
  /** Two hexadecimal digits. */
  readonly trace_flags?: string;
}

const traceFields = ['trace_id', 'span_id', 'trace_flags'] as const;

/**
 * Writes one operational log line: level and message of its code, the code as `event`, and of `fields` those that the code declares,
 * bounded to 1,024 characters each. An `error` is written as its name, code and message; where the code declares a `stack`, with
 * where it was made. Never throws: a broken logger must not stop what it tells of.
 */
export function logEvent<Code extends LogEventCode>(
  log: OperationalLogger,
  code: Code,
  fields: LogEventFields<Code> & LogTrace = {},
): void {
  const { level, message, fields: declared } = logEvents[code];
  try {
    const given: Readonly<Record<string, unknown>> = fields;
    const line: Record<string, unknown> = { event: code };
    for (const name of [...declared, ...traceFields]) {
      const value =
        name === 'stack' ? loggedValue(errorFrames(given['error']), maxStackLength) : loggedValue(given[name]);
      if (value !== undefined) line[name] = value;
    }
    log[level](line, message);
  } catch {
    // There is nowhere left to say it.
  }
}
