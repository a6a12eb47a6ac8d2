import { join } from 'node:path';
import { type JsonObject, logEvent, type OperationalLogger } from '@sallyport/core';
import type { StreamState } from '../recovery/inspect-stream.ts';
import type { RestoredTree } from './restore-tree.ts';
import { TamperedError } from './tampered-error.ts';

export interface LostEvidenceOptions {
  readonly directory: string;
  readonly stream: string;
  readonly log: OperationalLogger;
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
    if (this.#noCheckpoint) logEvent(log, 'sallyport.audit.checkpoint_absent', facts);
    else if (this.#unsigned !== undefined) logEvent(log, 'sallyport.audit.tail_unsigned', facts);
  }
}

/** @throws TamperedError when the numbers of the last segment are not those of its lines. */
export function requireOrder(directory: string, { disorder }: StreamState): void {
  if (disorder !== undefined) throw new TamperedError(join(directory, disorder.file), disorder.problem);
}
