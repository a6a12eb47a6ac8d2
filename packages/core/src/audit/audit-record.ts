import type { JsonValue } from '../call/json.ts';
import type { Era, TargetKind } from '../call/mcp-call.ts';
import type { Reason } from '../decision/reason.ts';

/** Types of records this version writes. `audit.checkpoint` stands in no log: that is how a checkpoint is sent elsewhere. */
export type AuditRecordType =
  | 'mcp.decision'
  | 'mcp.outcome'
  | 'auth.failure'
  | 'request.refused'
  | 'stream.opened'
  | 'stream.closed'
  | 'session.created'
  | 'session.ended'
  | 'token.revoked'
  | 'config.loaded'
  | 'audit.started'
  | 'audit.stopped'
  | 'audit.rotated'
  | 'audit.key_rotated'
  | 'audit.checkpoint'
  | 'audit.gap'
  | 'audit.read'
  | 'audit.exported'
  | 'audit.aggregated';

/** `metadata`: keyed hashes of argument leaves. `request`: arguments in clear but for what is sensitive. `full`: results too. */
export type AuditLevel = 'metadata' | 'request' | 'full';

/** What a call does when its decision can not be made durable. See DESIGN: `strict` refuses, `available` goes on and counts the gap. */
export type AuditMode = 'strict' | 'at-least-one' | 'available';

/**
 * How an allowed call ended. `rejected`: the server refused it after commit. `aborted`: found open at the next start.
 */
export type OutcomeStatus = 'ok' | 'tool_error' | 'error' | 'rejected' | 'cancelled' | 'disconnected' | 'aborted';

export interface AuditActor {
  readonly iss: string;
  readonly sub: string;
  readonly clientId: string | null;
  readonly tenant?: string;
  readonly act: readonly { readonly iss?: string; readonly sub: string }[];
  readonly proof: string;
}

export interface AuditSource {
  readonly ip: string;
  readonly userAgent?: string;
}

export interface AuditMcp {
  readonly method: string;
  readonly requestId?: string | number;
  readonly protocolVersion?: string;
  readonly era?: Era;
  readonly client?: string;
}

export interface AuditTarget {
  readonly kind: TargetKind;
  readonly name: string;
}

export interface AuditDecision {
  readonly effect: 'allow' | 'deny';
  /** Only `false` is written: observe mode let pass what this decision denies. The call has an outcome, like an allowed one. */
  readonly enforced?: false;
  readonly reason?: Reason;
  readonly rule?: string;
  readonly policy?: string;
  readonly requiredScopes?: readonly string[];
  readonly missingScopes?: readonly string[];
  /** The status that was answered; refusals only. */
  readonly httpStatus?: number;
}

export interface AuditOutcome {
  readonly status: OutcomeStatus;
  /** Absent when no status was sent. */
  readonly httpStatus?: number;
  /** Monotonic milliseconds from arrival to the end of the answer; absent for `aborted`. */
  readonly durationMs?: number;
  /** Bytes of body sent to the caller; absent for `aborted`. */
  readonly bytes?: number;
  /** Messages sent before the final one; streams only. */
  readonly messages?: number;
}

/** What was revoked. One of `jti`, `sid` and `sub` is set. */
export interface AuditRevocation {
  readonly iss: string;
  /** Keyed hash of the token id, equal to `token.jti` in the records of the token's calls. */
  readonly jti?: string;
  /** Keyed hash of the session id. */
  readonly sid?: string;
  /** As in `actor.sub`. */
  readonly sub?: string;
  /** With `sub`: tokens issued up to then, in seconds since the epoch. */
  readonly issuedUpTo?: number;
  /** With `sub`: only tokens that name no session. */
  readonly sessionlessOnly?: boolean;
  /** UTC, RFC 3339: until then the revocation is kept. */
  readonly until: string;
}

export interface AuditTrace {
  readonly traceId: string;
  readonly spanId: string;
}

/** One line of the audit log (format version 1). */
export interface AuditRecord {
  readonly v: 1;
  /** UUIDv7, unique for the record. */
  readonly id: string;
  readonly type: AuditRecordType;
  /** UTC, RFC 3339 with milliseconds. */
  readonly at: string;
  /** Monotonic nanoseconds of the process, as a decimal string. */
  readonly monoNs: string;
  /** UUID of the process start. */
  readonly boot: string;
  readonly stream: string;
  /** Gapless within the stream, from 0. */
  readonly seq: number;
  /** UUID of the attempt; joins decision and outcome. Absent on records that belong to no attempt. */
  readonly call?: string;
  readonly actor?: AuditActor;
  readonly token?: { readonly jti?: string; readonly exp: number; readonly scopes: readonly string[] };
  readonly source?: AuditSource;
  readonly mcp?: AuditMcp;
  readonly target?: AuditTarget;
  readonly decision?: AuditDecision;
  readonly arguments?: JsonValue;
  readonly redaction?: AuditRedaction;
  readonly outcome?: AuditOutcome;
  /** Only at level `full`; `redaction` says what is left out. */
  readonly result?: JsonValue;
  readonly revocation?: AuditRevocation;
  readonly trace?: AuditTrace;
  /** Facts of records that are not about a call, and short untrusted notes on refusals. */
  readonly detail?: JsonValue;
}

/** What was left out of a record, and why. */
export interface AuditRedaction {
  readonly level: AuditLevel;
  /** Bytes of the arguments, or of the result, as canonical JSON (RFC 8785) in UTF-8. */
  readonly bytes: number;
  /** Leaves that are not recorded one by one but only covered by `digest`. */
  readonly digestedLeaves?: number;
  /** Keyed hash of the canonical JSON text of all of it; only with `digestedLeaves`. */
  readonly digest?: string;
  /** Pointers of values that were hidden by declaration, by name or for their look. */
  readonly hidden?: readonly string[];
  /** Pointers of values that were shortened: long texts, bytes written as text, structures nested too deep. */
  readonly truncated?: readonly string[];
}
