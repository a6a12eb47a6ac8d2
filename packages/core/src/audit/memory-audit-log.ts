import { randomBytes } from 'node:crypto';
import { Refusal } from '../errors/refusal.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';
import { createKeyedHash } from './keyed-hash.ts';
import { createRecordBuilder, type RecordBuilderOptions } from './record-builder.ts';

export interface MemoryAuditLogOptions extends Partial<RecordBuilderOptions> {
  /** Records kept; an append beyond is refused, nothing is dropped. Default 100,000. */
  readonly maxRecords?: number;
}

/** An audit log that also shows what it holds. */
export interface MemoryAuditLog extends AuditLog {
  /** Everything appended, in order; the same array grows. */
  readonly records: readonly AuditRecord[];
}

/**
 * An audit log in the memory of this process: for tests and for embedding where somebody else keeps the records. Nothing in
 * it is durable. Defaults: stream `memory`, level `metadata`, a random hash key, so that hashes of two logs never agree.
 * `close` writes `audit.stopped`; afterwards, and when it is full, an append rejects with `audit_unavailable`.
 */
export function createMemoryAuditLog(options: MemoryAuditLogOptions = {}): MemoryAuditLog {
  const {
    maxRecords = 100_000,
    stream = 'memory',
    level = 'metadata',
    hash = createKeyedHash(randomBytes(32)),
  } = options;
  const builder = createRecordBuilder({ ...options, stream, level, hash });
  const records: AuditRecord[] = [];
  let closed = false;

  return {
    records,
    async append(entry) {
      const reason = problem();
      if (reason !== undefined) throw new Refusal('audit_unavailable', { detail: reason });
      write(entry);
    },
    status() {
      const reason = problem();
      return { writable: reason === undefined, ...(reason !== undefined && { problem: reason }), gap: 0 };
    },
    async close() {
      if (closed) return;
      closed = true;
      write({ type: 'audit.stopped' });
    },
  };

  function write(entry: AuditEntry): void {
    records.push(builder.build(entry, records.length));
  }

  function problem(): string | undefined {
    if (closed) return 'the audit log is closed';
    return records.length >= maxRecords ? `the audit log in memory is full (${maxRecords} records)` : undefined;
  }
}
