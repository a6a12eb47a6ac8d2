/** The part of a pino logger that is used here. */
export interface AuditLogger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** A logger that never throws: a broken one must not stop the audit log. Without one, nothing is said. */
export function safeLogger(log: AuditLogger | undefined): AuditLogger {
  const say = (level: keyof AuditLogger, facts: object, message: string): void => {
    try {
      log?.[level](facts, message);
    } catch {
      // There is nowhere left to say it.
    }
  };
  return {
    info: (facts, message) => say('info', facts, message),
    warn: (facts, message) => say('warn', facts, message),
    error: (facts, message) => say('error', facts, message),
  };
}
