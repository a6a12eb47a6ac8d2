import { logEvent } from './log-event.ts';
import type { LogLevel } from './log-event-info.ts';
import type { OperationalLogger } from './operational-logger.ts';

const windowMs = 60_000;
const maxLines = 60;

/** A logger that no flood can fill. */
export interface LimitedLogger extends OperationalLogger {
  /** Says now what was not repeated. For the end of a process. */
  flush(): void;
}

interface Window {
  lines: number;
  suppressed: number;
}

/**
 * Lets 60 lines of each event through in a minute and counts the others, whoever causes them. The count is said once at the end of the
 * minute, as `sallyport.log.suppressed`: nothing is dropped in silence. Lines without an event are one event.
 */
export function createLimitedLogger(log: OperationalLogger): LimitedLogger {
  const windows = new Map<unknown, Window>();

  function write(level: LogLevel, fields: object, message: string): void {
    const event: unknown = Reflect.get(fields, 'event');
    const window = windows.get(event) ?? open(event);
    window.lines += 1;
    if (window.lines <= maxLines) log[level](fields, message);
    else window.suppressed += 1;
  }

  function open(event: unknown): Window {
    const window: Window = { lines: 0, suppressed: 0 };
    windows.set(event, window);
    setTimeout(() => {
      windows.delete(event);
      say(event, window);
    }, windowMs).unref();
    return window;
  }

  function say(event: unknown, window: Window): void {
    if (window.suppressed > 0) logEvent(log, 'sallyport.log.suppressed', { of: event, count: window.suppressed });
    window.suppressed = 0;
  }

  return {
    info: (fields, message) => write('info', fields, message),
    warn: (fields, message) => write('warn', fields, message),
    error: (fields, message) => write('error', fields, message),
    flush: () => {
      for (const [event, window] of windows) say(event, window);
    },
  };
}
