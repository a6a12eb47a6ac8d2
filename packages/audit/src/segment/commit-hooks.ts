import type { RecordLine } from './record-line.ts';
import type { RotationReason } from './rotate-policy.ts';

/** Something that waits to become durable. */
export interface Pending {
  readonly line: RecordLine;
}

/** Where the lines go; the segments of one stream. */
export interface CommitStore {
  /** File name of the segment written last. */
  readonly current: string | undefined;
  /** Why the open segment should be followed by a new one. */
  readonly due: RotationReason | undefined;
  /** Opens it with a segment of its own, unless it is open. True when it did. */
  open(): Promise<boolean>;
  append(lines: readonly RecordLine[]): Promise<void>;
  begin(lines: readonly RecordLine[]): Promise<void>;
  close(): Promise<void>;
}

export interface GroupCommitHooks<T extends Pending> {
  /** Rejects when this process may no longer write to the stream; `undefined` when there is no doubt. */
  mayWrite(): Promise<void> | undefined;
  /** These are on disk. Told a few at a time, in order. */
  onDurable(items: readonly T[]): void;
  /** These are not, and will not be tried again. */
  onLost(items: readonly T[], error: unknown): void;
  /** The disk has not answered for so long that nobody should wait for these any more. They may still become durable. */
  onStalled(items: readonly T[]): void;
  /** A write failed, and a new segment took what had not been acknowledged. */
  onReplaced(abandoned: string | undefined, error: unknown): void;
  /** Neither the open segment nor a new one can be written. Said once for each outage. */
  onFailed(error: unknown): void;
  /** The first record of the segment that follows one that is full or old. */
  rotating(reason: RotationReason): T;
  /** The first records of the segment that ends an outage. */
  opening(abandoned: string | undefined, error: unknown): readonly T[];
  /** The outage is over. */
  onReopened(): void;
}
