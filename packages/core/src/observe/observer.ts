import type { AuditOutcome, AuditTrace } from '../audit/audit-record.ts';
import type { McpCall } from '../call/mcp-call.ts';
import type { Reason } from '../decision/reason.ts';
import type { Principal } from '../principal/principal.ts';

export interface CallStart {
  readonly call: McpCall;
  readonly principal: Principal | null;
  /** Milliseconds since the epoch at which the request arrived. */
  readonly startedAtMs: number;
  readonly source: { readonly ip: string; readonly port?: number };
}

export type CallEnd =
  | { readonly kind: 'outcome'; readonly outcome: AuditOutcome; readonly rpcErrorCode?: number }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly httpStatus: number; readonly rpcErrorCode: number };

/** One call being observed. */
export interface CallObservation {
  /** Ids for the audit record; absent when nothing is traced. */
  readonly trace?: AuditTrace;
  /** Runs a function with this call as the active context. */
  run<T>(fn: () => T): T;
  /** Called exactly once. */
  end(end: CallEnd): void;
}

/** Everything else that can be observed. */
export type ObserverEvent =
  | { readonly type: 'request.refused'; readonly reason: Reason; readonly httpStatus: number }
  | {
      readonly type: 'keys.refreshed';
      readonly issuer: string;
      readonly ok: boolean;
      readonly cause: 'start' | 'unknown_kid' | 'age' | 'retry';
    }
  | { readonly type: 'audit.gap'; readonly count: number }
  | {
      /** What the policy said of one call, once for each. */
      readonly type: 'access.decided';
      readonly effect: 'allow' | 'deny';
      /** Set when the effect is `deny`. */
      readonly reason?: Reason;
      /** False for what observe mode lets pass, whatever the effect. */
      readonly enforced: boolean;
    }
  /** Records became durable. */
  | { readonly type: 'audit.recorded'; readonly records: number }
  /** The disk confirmed what was written to a segment. */
  | { readonly type: 'audit.synced'; readonly durationMs: number }
  /** A receiver acknowledged records. `export` is the name of the export in the configuration, here and below. */
  | { readonly type: 'audit.exported'; readonly export: string; readonly records: number }
  /** Records could not be sent and will be sent again. */
  | { readonly type: 'audit.export_retry'; readonly export: string }
  /** A record that the receiver will never take was set aside. */
  | { readonly type: 'audit.dead_letter'; readonly export: string }
  /**
   * How far behind a receiver is, said every few seconds. `oldestMs`: when the oldest record was written that is not acknowledged, in
   * milliseconds since the epoch; absent when there is none.
   */
  | {
      readonly type: 'audit.export_lag';
      readonly export: string;
      readonly records: number;
      readonly oldestMs?: number;
    }
  /** A copy of the audit log can not be written any more (`ok: false`), or can be again. */
  | { readonly type: 'audit.copy'; readonly copy: 'log' | 'mirror'; readonly ok: boolean }
  /** Checkpoints can not be written any more (`ok: false`), or can be again. `origin`: of the checkpoints, here and below. */
  | { readonly type: 'audit.checkpoint'; readonly origin: string; readonly ok: boolean }
  /** An anchor took a checkpoint, or did not. `lagMs`: for how long it has been behind. */
  | {
      readonly type: 'audit.anchored';
      readonly origin: string;
      readonly anchor: string;
      readonly ok: boolean;
      readonly lagMs: number;
    };

/** Sees calls and events; never changes them, never throws. Telemetry implements it. */
export interface Observer {
  startCall(start: CallStart): CallObservation;
  emit(event: ObserverEvent): void;
}

const nothing: CallObservation = { run: (fn) => fn(), end: () => undefined };

/** The observer of a host without telemetry. */
export const noopObserver: Observer = { startCall: () => nothing, emit: () => undefined };
