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
  AuditSource,
  AuditTarget,
  AuditTrace,
  OutcomeStatus,
} from './audit/audit-record.ts';
export { isJsonObject, member, type JsonArray, type JsonObject, type JsonValue } from './call/json.ts';
export type { Era, McpCall, Target, TargetKind } from './call/mcp-call.ts';
export type { Authorizer } from './decision/authorizer.ts';
export type { Decision, Disclosure } from './decision/decision.ts';
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
export { SetupError, type SetupErrorOptions } from './errors/setup-error.ts';
export { noopObserver, type CallEnd, type CallObservation, type CallStart, type Observer, type ObserverEvent } from './observe/observer.ts';
export { systemClock, type Clock } from './ports/clock.ts';
export type { KeyValueStore } from './ports/key-value-store.ts';
export type { RateLimit, RateLimiter, RateLimitResult } from './ports/rate-limiter.ts';
export { identityKey, type Actor, type Principal, type Proof } from './principal/principal.ts';
