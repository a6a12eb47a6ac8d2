import { logEvents, type LogEventCode } from '@sallyport/core';

/** One line of the operational log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: LogEventCode };

const levels = { 30: 'info', 40: 'warn', 50: 'error' } as const;
const own: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'event']);
const trace: ReadonlySet<string> = new Set(['trace_id', 'span_id', 'trace_flags']);

/**
 * The complete lines of an operational log.
 *
 * @throws Error for a line that is not of the catalogue: its code, level, message or a field
 */
export function logLines(stderr: string): LogLine[] {
  const complete = stderr.slice(0, stderr.lastIndexOf('\n') + 1);
  return complete.split('\n').filter(Boolean).map(readLine);
}

/** The lines of one event. */
export function linesOf(stderr: string, event: LogEventCode): LogLine[] {
  return logLines(stderr).filter((line) => line.event === event);
}

function readLine(text: string): LogLine {
  const line = JSON.parse(text) as LogLine;
  const info = Object.hasOwn(logEvents, line.event) ? logEvents[line.event] : undefined;
  if (info === undefined) throw new Error(`no event of the catalogue: ${text}`);
  if (line['msg'] !== info.message) throw new Error(`not the message of ${line.event}: ${text}`);
  if (levels[line['level'] as keyof typeof levels] !== info.level)
    throw new Error(`not the level of ${line.event}: ${text}`);
  const odd = Object.keys(line).filter((name) => !own.has(name) && !trace.has(name) && !info.fields.includes(name));
  if (odd.length > 0) throw new Error(`fields that ${line.event} does not have: ${odd.join(' ')}`);
  return line;
}
