/**
 * What keeps the evidence of a stream: a Merkle tree over its lines, and signed checkpoints of it. The writer tells it what
 * becomes durable, in order; each line is told once, and only when it will be acknowledged.
 *
 * `segmentOpening`, then `segmentOpened`, then `flushed` for each durable write, the first lines of the segment included.
 */
export interface Evidence {
  /**
   * Before a segment gets its name: writes the frontier of the tree at `firstSeq`, which is the number of lines told so far, and
   * sees to the last checkpoint of the segment before, without waiting for it. The caller's sync of the directory makes the name of
   * the frontier durable, together with that of the segment, and before its first record is acknowledged.
   *
   * Rejects with the error of the disk; the segment is then not to be opened. May be called again.
   */
  segmentOpening(firstSeq: number): Promise<void>;
  /** The segment has its name. From here on checkpoints are written to its side. */
  segmentOpened(firstSeq: number): void;
  /**
   * These bytes are durable: whole lines, each with its line feed, exactly as they are on disk. Takes the blocks over: the caller
   * does not change them afterwards. Never throws, and returns before the bytes are hashed, unless too many wait.
   */
  flushed(blocks: readonly Uint8Array[]): void;
  /** Writes the last checkpoint and stops. Nothing may follow. Never rejects. */
  close(): Promise<void>;
  /** Number of records that the last durable checkpoint covers: what may be exported as proven, and deleted. */
  readonly checkpointed: number;
  /** Why checkpoints can not be written, in one line for an operator; `undefined` when all is well. */
  readonly problem: string | undefined;
  /** True when that has lasted for so long that mode `strict` refuses calls. */
  readonly overdue: boolean;
}

/** Keeps no evidence. */
export const noEvidence: Evidence = {
  segmentOpening: () => Promise.resolve(),
  segmentOpened: () => undefined,
  flushed: () => undefined,
  close: () => Promise.resolve(),
  checkpointed: 0,
  problem: undefined,
  overdue: false,
};
