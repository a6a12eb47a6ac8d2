import { createSecureContext } from 'node:tls';
import { SetupError } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';

/** PEM: the authorities that may sign the receiver's certificate instead of the public ones, and a certificate of this process. */
export interface ExportTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What every TLS connection of an export is made with. */
export interface TlsFacts extends ExportTls {
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: true;
}

/** @throws SetupError `ERR_AUDIT_EXPORT` for PEM that can not be used */
export function readTls({ ca, cert, key }: ExportTls): TlsFacts {
  const own = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    minVersion: 'TLSv1.2' as const,
  };
  try {
    createSecureContext(own);
  } catch (cause) {
    throw exportProblem(
      `the TLS certificates or key can not be used (${errorText(cause)})`,
      'give PEM files that belong together',
      cause,
    );
  }
  // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach it.
  return { ...own, rejectUnauthorized: true };
}

/** Why an export can not be set up. */
export function exportProblem(problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_AUDIT_EXPORT', field: 'audit.export', problem, remedy, cause });
}
