import type { ErrorCode } from '@sallyport/core';

/** `warn`: it may be right, but somebody should look. `skip`: it can not be decided from what is there. */
export type FindingStatus = 'pass' | 'fail' | 'warn' | 'skip';

/** What one check found. Texts may hold what a server or an issuer said: they are escaped when they are shown. */
export interface Finding {
  readonly check: string;
  readonly status: FindingStatus;
  /** What is right or wrong, in one line. */
  readonly what: string;
  /** What to change, and in which console. */
  readonly remedy?: string;
  /** Of every failure. */
  readonly code?: ErrorCode;
}

export function pass(check: string, what: string): Finding {
  return { check, status: 'pass', what };
}

export function fail(check: string, code: ErrorCode, what: string, remedy: string): Finding {
  return { check, status: 'fail', what, remedy, code };
}

export function warn(check: string, what: string, remedy: string): Finding {
  return { check, status: 'warn', what, remedy };
}

export function skip(check: string, what: string, remedy?: string): Finding {
  return { check, status: 'skip', what, ...(remedy !== undefined && { remedy }) };
}
