export { readAnchoredNotes } from './anchor/file-anchor.ts';
export type { CheckpointAnchor } from './anchor/checkpoint-anchor.ts';
export type { AnchorConfig } from './anchor/create-anchor.ts';
export { formatCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint/checkpoint-body.ts';
export { cefLine } from './format/cef/cef-line.ts';
export { ecsEvent } from './format/ecs/ecs-event.ts';
export { ocsfEvent } from './format/ocsf/ocsf-event.ts';
export type { ExportBatch, ExportedRecord, ExportSink, SendResult } from './export/export-sink.ts';
export type { LiveLogger, LiveLogRecord } from './export/live/live-logger.ts';
export type { FlatAttributes } from './export/otlp/flat-attributes.ts';
export type { ExportTarget } from './export/run-target.ts';
export { createOtlpSink, type OtlpSinkOptions } from './export/otlp/otlp-sink.ts';
export {
  startAuditExport,
  type AuditExport,
  type ExportStatus,
  type StartAuditExportOptions,
} from './export/start-audit-export.ts';
export type { ExportLag } from './export/stream-exporter.ts';
export { createSyslogSink, type SyslogSinkOptions } from './export/syslog/syslog-sink.ts';
export type { ExportTls } from './export/tls-options.ts';
export { createWebhookSink, type WebhookSinkOptions } from './export/webhook/webhook-sink.ts';
export { createStdoutSink, type StdoutSinkOptions } from './export/stdout/stdout-sink.ts';
export { openCheckpoint, type SignedCheckpoint } from './checkpoint/read-checkpoint.ts';
export { parseHashKey, readHashKeyFile } from './keys/hash-key.ts';
export { listHashKeys, type ListedHashKey } from './keys/list-hash-keys.ts';
export { listSigningKeys, type ListedKey } from './keys/list-signing-keys.ts';
export { pinKey, readPinnedKeys } from './keys/pinned-keys.ts';
export { rotateSigningKey, type RotatedSigningKey } from './keys/rotate-signing-key.ts';
export { isSegmentedAuditLog, type SegmentedAuditLog, type SegmentedCopy } from './log/segmented-audit-log.ts';
export type { OpenAuditLogOptions } from './log/open-audit-log-options.ts';
export { openAuditLog } from './log/open-audit-log.ts';
export { NoteError, type NoteErrorCode } from './note/note-error.ts';
export { openNote, parseNote, signNote, type NoteSignature, type OpenedNote } from './note/signed-note.ts';
export { createSigningKey, type NoteSigner, type SigningKey } from './note/signer.ts';
export { createVerifierKey, parseVerifierKey, type NoteVerifier, type VerifierKey } from './note/verifier-key.ts';
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
export {
  readWholeLog,
  type MissingFinding,
  type MissingFindingCode,
  type WholeLogItem,
} from './read/read-whole-log.ts';
export { signedEnds, type SignedEnd } from './read/signed-ends.ts';
export { followAuditLog, type FollowAuditLogOptions } from './read/follow-audit-log.ts';
export type { RetentionPolicy } from './retention/retention-policy.ts';
export type { RotatePolicy } from './segment/rotate-policy.ts';
export { AttemptSelection, type OpenSelection, type Selection } from './scan/attempt-selection.ts';
export { LineFields, type FieldPath } from './scan/line-fields.ts';
export { jsonText, type ScanHints } from './scan/line-sieve.ts';
export { scanAuditLog, type ScanAuditLogOptions, type ScannedPiece } from './scan/scan-audit-log.ts';
export type { ScanFindingCode } from './scan/scan-order.ts';
export type { CreateScanTask, ScanTask, ScanWork } from './scan/scan-task.ts';
export type { ScanFinding } from './scan/stream-join.ts';
export type { SegmentFile, SegmentFileSystem } from './segment/segment-file-system.ts';
export { leafHash, nodeHash } from './tree/hash-leaf.ts';
export { ProofError } from './tree/proof-error.ts';
export { consistencyProof, inclusionProof, rootOf } from './tree/prove.ts';
export { createTree, type Tree, type TreeFrontier } from './tree/tree.ts';
export {
  verifyConsistency,
  verifyInclusion,
  type VerifyConsistencyOptions,
  type VerifyInclusionOptions,
} from './tree/verify-proof.ts';
export {
  findingKinds,
  type FindingKind,
  type FindingVerdict,
  type VerifyAspect,
  type VerifyFindingCode,
} from './verify/finding-codes.ts';
export { parseProofFile, type ProofFile, type RecordProof, type StreamProof } from './verify/proof-file.ts';
export { proveRecords, type ProveRecordsOptions } from './verify/prove-records.ts';
export { verifyAuditLog } from './verify/verify-audit-log.ts';
export type { HeldCheckpoint, VerifyAuditLogOptions } from './verify/verify-options.ts';
export { verifyProofFile, type ProofReport, type VerifyProofFileOptions } from './verify/verify-proof-file.ts';
export type {
  VerifyCheckpoint,
  VerifyCounts,
  VerifyFinding,
  VerifyReport,
  VerifyStream,
  VerifyVerdict,
} from './verify/verify-report.ts';
