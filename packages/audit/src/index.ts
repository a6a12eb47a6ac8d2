export type { AuditLogger } from './log/audit-logger.ts';
export { openAuditLog, type OpenAuditLogOptions } from './log/open-audit-log.ts';
export { checkCompleteness } from './read/check-completeness.ts';
export type {
  CompletenessCounts,
  CompletenessFinding,
  CompletenessFindingCode,
  CompletenessReport,
  StreamCompleteness,
} from './read/completeness-report.ts';
export {
  readAuditLog,
  type FoundRecord,
  type ReadAuditLogOptions,
  type ReadFinding,
  type ReadFindingCode,
  type ReadPlace,
  type ReadRecord,
} from './read/read-audit-log.ts';
export type { SegmentFile, SegmentFileSystem } from './segment/segment-file-system.ts';
