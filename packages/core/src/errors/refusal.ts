import type { JsonObject, JsonValue } from '../call/json.ts';
import { reasons, type Reason, type RefusalCode } from '../decision/reason.ts';
import { SallyportError } from './sallyport-error.ts';

export interface RefusalOptions {
  /** The reason the caller is shown instead, so that two cases can not be told apart. The record keeps the true one. */
  readonly shownAs?: Reason;
  /** JSON-RPC code, where the case has another one than its reason. */
  readonly rpcCode?: number;
  /** HTTP status, where the case has another one than its reason. */
  readonly status?: number;
  /** Seconds for `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Scopes for the challenge. */
  readonly scopes?: readonly string[];
  /** Members for `error.data` that a caller may see. */
  readonly data?: JsonObject;
  /** For the audit record only: short, no credential. */
  readonly detail?: JsonValue;
  readonly cause?: unknown;
}

/** A request that goes no further. Thrown by a station; becomes one answer and one record. */
export class Refusal extends SallyportError {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** The true reason, for the record. */
  readonly reason: Reason;
  /** The reason the caller is shown. */
  readonly shownAs: Reason;
  readonly status: number;
  readonly rpcCode: number;
  readonly retryAfterSeconds: number | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly data: JsonObject | undefined;
  readonly detail: JsonValue | undefined;

  constructor(reason: Reason, options: RefusalOptions = {}) {
    const info = reasons[options.shownAs ?? reason];
    super(info.message, { cause: options.cause });
    this.reason = reason;
    this.shownAs = options.shownAs ?? reason;
    this.code = info.code;
    this.status = options.status ?? info.status;
    this.rpcCode = options.rpcCode ?? info.rpcCode ?? this.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.scopes = options.scopes;
    this.data = options.data;
    this.detail = options.detail;
  }
}
