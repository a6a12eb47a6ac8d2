export type { AppendOptions, AuditEntry, AuditLog, AuditStatus } from './audit/audit-log.ts';
export type {
  AuditActor,
  AuditDecision,
  AuditLevel,
  AuditMcp,
  AuditMode,
  AuditOutcome,
  AuditRecord,
  AuditRecordType,
  AuditRedaction,
  AuditRevocation,
  AuditSource,
  AuditTarget,
  AuditTrace,
  OutcomeStatus,
} from './audit/audit-record.ts';
export { concealedTexts } from './audit/concealed-texts.ts';
export { isCredentialName } from './audit/credential-name.ts';
export { sessionIdDomain, subjectDomain, tokenIdDomain, valueDomain } from './audit/hash-domains.ts';
export { createKeyedHash, type HashInProgress, type KeyedHash, type KeyedHashOptions } from './audit/keyed-hash.ts';
export { createMemoryAuditLog, type MemoryAuditLog, type MemoryAuditLogOptions } from './audit/memory-audit-log.ts';
export { createRecordBuilder, type RecordBuilder, type RecordBuilderOptions } from './audit/record-builder.ts';
export {
  attemptKey,
  beginsAttempt,
  closingKey,
  endsAttempt,
  openingKey,
  textAt,
  textsAt,
  valueAt,
  whyDenied,
  wouldDeny,
  type AttemptPart,
  type ClosingType,
} from './audit/record-facts.ts';
export { readRecordedArguments, type KnownPart, type RecordedArguments } from './audit/recorded-arguments.ts';
export { isRecordedInClear, isTargetRecordedInClear } from './audit/recorded-in-clear.ts';
export { recordedText } from './audit/recorded-text.ts';
export { redactArguments, type RedactedArguments, type RedactOptions } from './audit/redact.ts';
export { sensitiveInResult } from './audit/sensitive-in-result.ts';
export { finishSteps, type Steps } from './audit/steps.ts';
export { freezeJson } from './call/freeze-json.ts';
export type { JsonLimits } from './call/json-limits.ts';
export { isJsonObject, member, type JsonArray, type JsonObject, type JsonValue } from './call/json.ts';
export { matchCall } from './call/match-call.ts';
export type { Era, McpCall, Target, TargetKind } from './call/mcp-call.ts';
export { readMcpHeaders, type McpHeaders } from './call/mcp-headers.ts';
export { parseCall, type ParseCallOptions } from './call/parse-call.ts';
export { isModernVersion, protocolVersions } from './call/protocol-versions.ts';
export {
  readMessage,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
  type RpcResponse,
} from './call/rpc-message.ts';
export { parseStrictJson } from './call/strict-json.ts';
export type { Authorizer } from './decision/authorizer.ts';
export type { Decision, Disclosure, FailedCondition, SignInRequirement } from './decision/decision.ts';
export {
  reasons,
  type ChallengeKind,
  type Reason,
  type ReasonArea,
  type ReasonInfo,
  type RefusalCode,
  type RefusalRecordType,
} from './decision/reason.ts';
export { Refusal, type RefusalOptions } from './errors/refusal.ts';
export { errorPage, SallyportError, type ErrorCode, type SetupErrorCode } from './errors/sallyport-error.ts';
export { SetupError, type SetupErrorOptions, type TextPosition } from './errors/setup-error.ts';
export type { ObservedIssuer, ObservedState } from './observe/observed-state.ts';
export { errorText } from './log/error-text.ts';
export { createLimitedLogger, type LimitedLogger } from './log/limited-logger.ts';
export { logEvent, type LogTrace } from './log/log-event.ts';
export type { LogEventInfo, LogLevel } from './log/log-event-info.ts';
export { logEvents, type LogEventCode, type LogEventFields } from './log/log-events.ts';
export { silentLogger, type OperationalLogger } from './log/operational-logger.ts';
export {
  noopObserver,
  type CallEnd,
  type CallObservation,
  type CallStage,
  type CallStart,
  type Observer,
  type ObserverEvent,
} from './observe/observer.ts';
export { tell } from './observe/tell.ts';
export { systemClock, type Clock } from './ports/clock.ts';
export {
  FetchProblem,
  type DocumentFetcher,
  type DocumentRequest,
  type FetchedDocument,
} from './ports/document-fetcher.ts';
export type { KeyValueStore } from './ports/key-value-store.ts';
export { createMemoryKeyValueStore, type MemoryKeyValueStoreOptions } from './ports/memory-key-value-store.ts';
export { createMemoryRateLimiter } from './ports/memory-rate-limiter.ts';
export { createMemoryReplaySet, type MemoryReplaySet, type MemoryReplaySetOptions } from './ports/memory-replay-set.ts';
export {
  createMemoryRevocationList,
  type MemoryRevocationList,
  type MemoryRevocationListOptions,
} from './ports/memory-revocation-list.ts';
export type { RateLimit, RateLimiter, RateLimitResult } from './ports/rate-limiter.ts';
export type { ReplaySet } from './ports/replay-set.ts';
export type { RevocableToken, Revocation, RevocationList } from './ports/revocation-list.ts';
export { identityKey, type Actor, type Principal, type Proof } from './principal/principal.ts';
export { boundedText, wellFormed } from './text/bounded-text.ts';
