import type { AuditEntry, Clock } from '@sallyport/core';
import type { AuditLogger } from '../log/audit-logger.ts';
import { errorText } from '../log/error-code.ts';
import { agedSegments } from './aged-segments.ts';
import { deleteBefore, markDeletion, markedDeletion } from './delete-segments.ts';
import { neededByExports } from './needed-records.ts';
import { retainFrom, type RetentionPolicy } from './retention-policy.ts';

export interface RetentionOptions {
  readonly directory: string;
  readonly stream: string;
  readonly policy: RetentionPolicy;
  /** Number of records that the newest checkpoint covers. */
  readonly checkpointed: () => number;
  /** Resolves when the entry is durable in this stream. */
  readonly record: (entry: AuditEntry) => Promise<void>;
  readonly clock: Clock;
  readonly log: AuditLogger;
}

/** Deletes old segments of a stream that this process writes. What is deleted is recorded before. */
export class Retention {
  readonly #options: RetentionOptions;
  #heldBack: string | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** One run at a time. Never rejects: what can not be deleted now is tried again. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      const { log, directory, stream } = this.#options;
      log.warn({ directory, stream, error: errorText(error) }, 'old segments of the audit log can not be deleted');
    }
  }

  async #run(): Promise<void> {
    const { directory, stream, record, log } = this.#options;
    const marked = await markedDeletion(directory, stream);
    const from = Math.max(marked ?? 0, (await this.#due()) ?? 0);
    if (from === 0) return;
    await markDeletion(directory, stream, from);
    await record(retentionEntry(from, this.#options.policy));
    const segments = await deleteBefore(directory, stream, from);
    log.info({ directory, stream, segments, retainedFrom: from }, 'deleted old segments of the audit log');
  }

  async #due(): Promise<number | undefined> {
    const { directory, stream, policy, checkpointed, clock } = this.#options;
    if (policy.days === undefined && policy.bytes === undefined) return undefined;
    const segments = await agedSegments(directory, stream);
    const need = await neededByExports(directory, stream);
    const nowMs = clock.now();
    const signed = checkpointed();
    const from = retainFrom(policy, segments, { nowMs, neededFrom: Math.min(need?.from ?? signed, signed) });
    const wanted = retainFrom(policy, segments, { nowMs, neededFrom: Number.MAX_SAFE_INTEGER });
    this.#sayHeldBack(
      wanted === from ? undefined : need !== undefined && need.from <= signed ? need.file : 'checkpoint',
    );
    return from;
  }

  /** Once for each reason: a disk that fills because nobody collects should not be a surprise. */
  #sayHeldBack(by: string | undefined): void {
    const { log, directory, stream } = this.#options;
    if (by !== undefined && by !== this.#heldBack) {
      log.warn({ directory, stream, by }, 'segments are kept longer than audit.retention says: they are still needed');
    }
    this.#heldBack = by;
  }
}

/** What the log says of a deletion: it begins with this record now. */
export function retentionEntry(from: number, policy: RetentionPolicy): AuditEntry {
  return { type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: from, policy: { ...policy } } };
}
