import { join } from 'node:path';
import type { JsonObject } from '@sallyport/core';
import type { AuditLogger } from '../log/audit-logger.ts';
import type { StreamState } from '../recovery/inspect-stream.ts';
import type { RestoredTree } from './restore-tree.ts';
import { TamperedError } from './tampered-error.ts';

export interface LostEvidenceOptions {
  readonly directory: string;
  readonly stream: string;
  readonly log: AuditLogger;
  /** Whether a key beside the log says that there should be checkpoints. */
  readonly expected: boolean;
}

/** What a start finds unsigned. It goes on, since a crash leaves that too, and it says so: in its log and in its first record. */
export class LostEvidence {
  readonly #options: LostEvidenceOptions;
  #unsigned: RestoredTree['unsigned'];
  #noCheckpoint = false;

  constructor(options: LostEvidenceOptions) {
    this.#options = options;
  }

  see({ segments }: StreamState, { unsigned, checkpoint }: RestoredTree): void {
    this.#unsigned = unsigned;
    this.#noCheckpoint = checkpoint === undefined && (this.#options.expected || segments.length > 0);
  }

  facts(): JsonObject {
    return {
      ...(this.#unsigned !== undefined && { unsigned: { ...this.#unsigned } }),
      ...(this.#noCheckpoint && { noCheckpoint: true }),
    };
  }

  say(): void {
    const { directory, stream, log } = this.#options;
    const facts = { directory, stream, ...this.facts() };
    if (this.#noCheckpoint) {
      log.error(
        facts,
        'the audit log has a key or records and no checkpoint: its evidence is gone, or the first one was never written; what stands there stays unsigned',
      );
    } else if (this.#unsigned !== undefined) {
      log.warn(
        facts,
        'the last records of the audit log were not signed by the process that wrote them; the log says so and goes on',
      );
    }
  }
}

/** @throws TamperedError when the numbers of the last segment are not those of its lines. */
export function requireOrder(directory: string, { disorder }: StreamState): void {
  if (disorder !== undefined) throw new TamperedError(join(directory, disorder.file), disorder.problem);
}
