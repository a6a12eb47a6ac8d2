import { type AuditEntry, type Clock, logEvent, type OperationalLogger } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { agedSegments } from './aged-segments.ts';
import { deleteBefore } from './delete-segments.ts';
import { neededByExports } from './needed-records.ts';
import { deletes, retainFrom, type RetentionPolicy } from './retention-policy.ts';

/** How far a stream has come. */
export interface Written {
  /** Number of records that the newest checkpoint covers. */
  readonly checkpointed: number;
  /** Number of the first record of the segment that is written. */
  readonly openFrom: number;
  /** Number after the last durable record. */
  readonly end: number;
}

export interface RetentionOptions {
  readonly directory: string;
  readonly stream: string;
  readonly policy: RetentionPolicy;
  /** Names of the exports of the configuration. */
  readonly exports: readonly string[];
  readonly written: () => Written;
  /** Resolves when the entry is durable in this stream. */
  readonly record: (entry: AuditEntry) => Promise<void>;
  readonly clock: Clock;
  readonly log: OperationalLogger;
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
      logEvent(log, 'sallyport.audit.retention_failed', { directory, stream, error: errorText(error) });
    }
  }

  async #run(): Promise<void> {
    const { directory, stream, policy, record, log } = this.#options;
    if (!deletes(policy)) return;
    const from = await this.#due();
    if (from === undefined) return;
    await record(retentionEntry(from, policy));
    const segments = await deleteBefore(directory, stream, from);
    logEvent(log, 'sallyport.audit.retention_deleted', { directory, stream, segments, retainedFrom: from });
  }

  async #due(): Promise<number | undefined> {
    const { directory, stream, policy, exports, clock, written } = this.#options;
    const segments = await agedSegments(directory, stream);
    const need = await neededByExports({ directory, stream, exports, end: () => written().end });
    const nowMs = clock.now();
    const { checkpointed, openFrom } = written();
    const kept = Math.min(checkpointed, openFrom);
    const from = retainFrom(policy, segments, { nowMs, neededFrom: Math.min(need?.from ?? kept, kept) });
    const wanted = retainFrom(policy, segments, { nowMs, neededFrom: openFrom });
    this.#sayHeldBack(wanted === from ? undefined : need !== undefined && need.from <= kept ? need.file : 'checkpoint');
    return from;
  }

  /** Once for each reason: a disk that fills because nobody collects should not be a surprise. */
  #sayHeldBack(by: string | undefined): void {
    const { log, directory, stream } = this.#options;
    if (by !== undefined && by !== this.#heldBack) {
      logEvent(log, 'sallyport.audit.retention_held', { directory, stream, by });
    }
    this.#heldBack = by;
  }
}

/** What the log says of a deletion: it begins with this record now. */
export function retentionEntry(from: number, policy: RetentionPolicy): AuditEntry {
  return { type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: from, policy: { ...policy } } };
}
