import {
  attemptKey,
  closingKey,
  type AuditDecision,
  type AuditEntry,
  type AuditRecord,
  type ClosingType,
} from '@sallyport/core';

/** An attempt whose end is not recorded. */
export interface OpenAttempt {
  readonly call: string;
  readonly closing: ClosingType;
}

/** Follows a log and knows which attempts have begun and not ended. Memory is bounded by what is open at a time. */
export class OpenAttempts {
  readonly #open: Map<string, OpenAttempt> = new Map();

  get size(): number {
    return this.#open.size;
  }

  /** Takes one record, or an entry that has become one. True when it ended an attempt that was open. */
  see(record: AuditRecord | AuditEntry): boolean {
    const { call } = record;
    if (call === undefined) return false;
    if (record.type === 'mcp.decision' && letsRun(record.decision)) this.#begin(call, 'mcp.outcome');
    else if (record.type === 'stream.opened') this.#begin(call, 'stream.closed');
    const key = closingKey(record);
    return key !== undefined && this.#open.delete(key);
  }

  /** True when this record would end an attempt that is open. */
  endsOpen(record: AuditRecord | AuditEntry): boolean {
    const key = closingKey(record);
    return key !== undefined && this.#open.has(key);
  }

  list(): OpenAttempt[] {
    return [...this.#open.values()];
  }

  #begin(call: string, closing: ClosingType): void {
    const key = attemptKey({ type: closing, call }, closing);
    if (key !== undefined) this.#open.set(key, { call, closing });
  }
}

/** Whether the call ran: it was allowed, or observe mode let it pass. */
export function letsRun(decision: AuditDecision | undefined): boolean {
  return decision?.effect === 'allow' || decision?.enforced === false;
}
