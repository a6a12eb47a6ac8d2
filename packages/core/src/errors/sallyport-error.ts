import type { RefusalCode } from '../decision/reason.ts';

/** Codes of errors that stop a process at start or a command; refusals of requests have their codes in the table of reasons. */
export type SetupErrorCode =
  | 'ERR_CONFIG_UNREADABLE'
  | 'ERR_CONFIG_INVALID'
  | 'ERR_CONFIG_UNAVAILABLE'
  | 'ERR_CARD_UNREADABLE'
  | 'ERR_CARD_INVALID'
  | 'ERR_CARD_DRIFT'
  | 'ERR_CARD_PARAMETER_HEADER'
  | 'ERR_CARD_FETCH'
  | 'ERR_CARD_MISMATCH'
  | 'ERR_REVOCATION_FILE'
  | 'ERR_AUDIT_DIRECTORY'
  | 'ERR_AUDIT_KEY'
  | 'ERR_AUDIT_LOCKED'
  | 'ERR_AUDIT_DAMAGED'
  | 'ERR_AUDIT_EXPORT'
  | 'ERR_AUDIT_TAMPERED'
  | 'ERR_TELEMETRY_PROMETHEUS'
  | 'ERR_CLI_USAGE'
  | 'ERR_CLI_TOKEN'
  | 'ERR_CLI_SIGN_IN'
  | 'ERR_CLI_UNREACHABLE'
  | 'ERR_CLI_ANSWER'
  | 'ERR_CLI_DUCKDB'
  | 'ERR_CLI_SQL'
  | 'ERR_CLI_INTERNAL';

export type ErrorCode = RefusalCode | SetupErrorCode;

/** Base of every error this suite throws on purpose. `code` is stable; `message` is one readable line. */
export abstract class SallyportError extends Error {
  abstract readonly code: ErrorCode;

  /** The page that explains the code. */
  get doc(): string {
    return errorPage(this.code);
  }
}

/** The page of an error code. */
export function errorPage(code: ErrorCode): string {
  return `https://sallyport.dev/errors/${code}`;
}
