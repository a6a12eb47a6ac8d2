import type { AuditOutcome, AuditTrace } from '../audit/audit-record.ts';
import type { JsonValue } from '../call/json.ts';
import type { McpCall } from '../call/mcp-call.ts';
import type { Reason } from '../decision/reason.ts';
import type { Principal } from '../principal/principal.ts';
import type { ObservedState } from './observed-state.ts';

export interface CallStart {
  /** Of a message that was refused before it became a call: what is known of it, with an empty `protocolVersion` and no target. */
  readonly call: McpCall;
  /** The card declares the tool or prompt that the call is about. Only then may its name stand where names must be few. */
  readonly targetDeclared: boolean;
  readonly principal: Principal | null;
  /** Milliseconds since the epoch at which the request arrived. */
  readonly startedAtMs: number;
  /** Milliseconds since then, on the monotonic clock. */
  readonly elapsedMs: () => number;
  /** `port`: of the client, when no proxy stands between. `httpVersion`: `1.1`, `2`. */
  readonly source: { readonly ip: string; readonly port?: number; readonly httpVersion?: string };
  /** What was over before the call was known. */
  readonly stages: readonly CallStage[];
}

/** A part of a call that is over. Times are milliseconds since the request arrived. */
export type CallStage = { readonly fromMs: number; readonly toMs: number } & (
  | { readonly name: 'authenticate' }
  | {
      readonly name: 'authorize';
      readonly effect: 'allow' | 'deny';
      /** Set when the effect is `deny`. */
      readonly reason?: Reason;
      /** False for what observe mode lets pass. */
      readonly enforced: boolean;
    }
  | {
      readonly name: 'audit';
      readonly record: 'decision' | 'outcome';
      /** How long of it was waiting until the record was durable. */
      readonly waitMs: number;
      /** Whether the record is durable, or the mode goes on without. */
      readonly ok: boolean;
    }
);

/** How a call ended. `durationMs`: milliseconds from its arrival until its answer may be sent. */
export type CallEnd = { readonly durationMs: number } & (
  | {
      readonly kind: 'outcome';
      readonly outcome: AuditOutcome;
      readonly rpcErrorCode?: number;
      /** JSON pointers into arguments and result that are not to be shown, and the result. Raw: whoever shows any of it redacts it. */
      readonly content?: { readonly sensitive: readonly string[]; readonly result?: JsonValue };
    }
  | {
      readonly kind: 'refused';
      readonly reason: Reason;
      /** What the caller was told. */
      readonly message: string;
      readonly httpStatus: number;
      /** Absent when the refusal was answered as the result of a tool. */
      readonly rpcErrorCode?: number;
    }
);

/** One call being observed. */
export interface CallObservation {
  /** Ids for the audit record; absent when nothing is traced. */
  readonly trace?: AuditTrace;
  /** The W3C trace flags that go with the ids, for log lines. */
  readonly traceFlags?: number;
  /** Runs the handler with this call as the active context. Called at most once. */
  run<T>(fn: () => T): T;
  /** The handler has answered, or failed. Absent when nobody wants to know, here and below. */
  handled?(failed: boolean): void;
  /** A part of the call is over. */
  stage?(stage: CallStage): void;
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
  /**
   * A credential was looked at, once for each request that brings one or should have. `reason` is set when the effect is `deny`; a 503
   * is one too.
   */
  | { readonly type: 'identity.decided'; readonly effect: 'allow' | 'deny'; readonly reason?: Reason }
  /**
   * A token was looked up among the verified ones. `hit`: it was there; `joined`: the same token was being verified for another request;
   * `stale`: it was there and does not hold any more; `miss`: it was not there.
   */
  | { readonly type: 'token.looked_up'; readonly result: 'hit' | 'joined' | 'stale' | 'miss' }
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
  /**
   * The first checkpoint of this start was written (`ok: true`), or checkpoints can not be written any more (`ok: false`), or can be
   * again. `origin`: of the checkpoints, here and below.
   */
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
  /** Takes a way to ask a suite how it is, for as long as it is open. Gives a function that ends that. */
  watch?(read: () => ObservedState): () => void;
}

const nothing: CallObservation = { run: (fn) => fn(), end: () => undefined };

/** The observer of a host without telemetry. */
export const noopObserver: Observer = { startCall: () => nothing, emit: () => undefined };
