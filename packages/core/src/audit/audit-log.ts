import type { JsonValue } from '../call/json.ts';
import type { Revocation } from '../ports/revocation-list.ts';
import type { Principal } from '../principal/principal.ts';
import type {
  AuditDecision,
  AuditLevel,
  AuditMcp,
  AuditMode,
  AuditOutcome,
  AuditRecordType,
  AuditSource,
  AuditTarget,
  AuditTrace,
} from './audit-record.ts';

/** A fact to be recorded, before redaction. The log adds identity, time and sequence and hashes what must not stand in clear. */
export interface AuditEntry {
  readonly type: AuditRecordType;
  readonly call?: string;
  readonly principal?: Principal;
  readonly source?: AuditSource;
  readonly mcp?: AuditMcp;
  readonly target?: AuditTarget;
  readonly decision?: AuditDecision;
  /** Raw arguments; recorded only as `level` allows. */
  readonly arguments?: JsonValue;
  readonly level?: AuditLevel;
  /**
   * JSON pointers into `arguments` that are never recorded in clear. In `result` they hold from its root, from `structuredContent`
   * and from the root of JSON text.
   */
  readonly sensitive?: readonly string[];
  readonly outcome?: AuditOutcome;
  /** What was answered; recorded only at level `full`, with the outcome. */
  readonly result?: JsonValue;
  /** Texts that are not to be recorded in clear in `result`, wherever they stand in it. See `concealedTexts`. */
  readonly concealed?: readonly string[];
  /** What was revoked; `jti` and `sid` are recorded as keyed hashes. */
  readonly revocation?: { readonly entry: Revocation; readonly untilMs: number };
  readonly trace?: AuditTrace;
  readonly detail?: JsonValue;
}

export interface AppendOptions {
  /** Overrides the mode of the log for this entry. */
  readonly mode?: AuditMode;
}

export interface AuditStatus {
  /** False when the next strict append would be refused. */
  readonly writable: boolean;
  /** Why not, in one line for an operator; also what is wrong while it is writable. */
  readonly problem?: string;
  /** Records lost that no `audit.gap` record accounts for yet: all of mode `available`, refusals of mode `strict`. */
  readonly gap: number;
}

/** Where records go. Appending is durable before it resolves, or it rejects with a `Refusal` whose reason is `audit_unavailable`. */
export interface AuditLog {
  append(entry: AuditEntry, options?: AppendOptions): Promise<void>;
  status(): AuditStatus;
  /** Waits for everything appended, writes `audit.stopped`, releases the stream. */
  close(): Promise<void>;
}
