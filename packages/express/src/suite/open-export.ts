import {
  createOtlpSink,
  createStdoutSink,
  createSyslogSink,
  createWebhookSink,
  isSegmentedAuditLog,
  startAuditExport,
  type AuditExport,
  type ExportSink,
  type ExportTarget,
  type LiveLogger,
} from '@sallyport/audit';
import type { ExportConfig } from '@sallyport/config';
import { SetupError, type AuditLog, type Clock, type Observer, type OperationalLogger } from '@sallyport/core';

/**
 * The places that records are sent to. Nothing is sent yet.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` for certificates and secrets that can not be used
 */
export async function openTargets(exports: readonly ExportConfig[]): Promise<readonly ExportTarget[]> {
  return Promise.all(exports.map(async (one) => ({ name: one.name, sink: await openSink(one) })));
}

async function openSink(one: ExportConfig): Promise<ExportSink> {
  switch (one.type) {
    case 'otlp':
      return createOtlpSink(one);
    case 'stdout':
      return createStdoutSink();
    case 'syslog':
      return createSyslogSink(one);
    case 'webhook':
      return createWebhookSink(one);
  }
}

export interface OpenExportOptions {
  readonly audit: AuditLog;
  readonly targets: readonly ExportTarget[];
  readonly logger: LiveLogger | undefined;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly log: OperationalLogger;
}

/**
 * Starts the exports of the log; `undefined` for a log that somebody else keeps and that nothing is to be exported from.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` when such a log should be exported: there are no segments to read
 */
export function openExport({ audit, targets, logger, ...rest }: OpenExportOptions): AuditExport | undefined {
  if (isSegmentedAuditLog(audit))
    return startAuditExport({ audit, exports: targets, ...rest, ...(logger !== undefined && { logger }) });
  if (targets.length === 0 && logger === undefined) return undefined;
  throw new SetupError({
    code: 'ERR_AUDIT_EXPORT',
    field: 'audit.export',
    problem: 'the audit log was given in code and has no segments that could be exported',
    remedy: 'open it with openAuditLog, or remove audit.export and auditLogger',
  });
}
