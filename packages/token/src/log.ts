/** What this package needs of a logger; pino fits. Nothing logged here holds a token or a part of one. */
export interface TokenLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: TokenLogger = { warn: () => undefined, error: () => undefined };
