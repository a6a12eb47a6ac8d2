import { closingKey, type AuditEntry } from '@sallyport/core';

/**
 * Ends of attempts that could not be written in time. Their decisions are in the log, so they are written when the disk is back: an
 * allow without an outcome would look like a crash. Bounded by the attempts that were open.
 */
export class OwedRecords {
  readonly #owed: Map<string, AuditEntry> = new Map();

  /** The latest entry of an attempt replaces an earlier one. */
  add(entry: AuditEntry, atMs: number): void {
    const key = closingKey(entry);
    if (key !== undefined) this.#owed.set(key, late(entry, atMs));
  }

  /** Everything owed, to be written now. */
  take(): AuditEntry[] {
    const entries = [...this.#owed.values()];
    this.#owed.clear();
    return entries;
  }

  /** This one was taken and not written. */
  restore(entry: AuditEntry): void {
    const key = closingKey(entry);
    if (key !== undefined && !this.#owed.has(key)) this.#owed.set(key, entry);
  }
}

/** In mode `strict` the answer was withheld, so what it would have been is not a fact: only how the attempt ended is. */
function late(entry: AuditEntry, atMs: number): AuditEntry {
  const { outcome } = entry;
  return {
    ...entry,
    ...(outcome !== undefined && {
      outcome: { status: outcome.status, ...(outcome.durationMs !== undefined && { durationMs: outcome.durationMs }) },
    }),
    detail: { late: true, endedAt: new Date(atMs).toISOString() },
  };
}
