/** What is needed of a logger for operational logs; one of pino fits. Write to it with `logEvent` only. */
export interface OperationalLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A logger that says nothing. */
export const silentLogger: OperationalLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };
