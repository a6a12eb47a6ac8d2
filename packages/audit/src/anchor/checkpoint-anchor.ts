/** A place outside the log that keeps checkpoints: only what was held outside can prove that a log was rewritten. */
export interface CheckpointAnchor {
  /** Names the anchor in log lines and metrics. */
  readonly name: string;
  /** Fewest seconds between two publications; the newest checkpoint is the one that is published. Default 10. */
  readonly intervalSeconds?: number;
  /**
   * Takes a checkpoint: a C2SP signed note. Resolves when it is held there for good, rejects when it is not; then it, or a newer one,
   * is offered again. One at a time. Gives up when the signal is aborted.
   */
  publish(note: string, signal: AbortSignal): Promise<void>;
  /** Releases what it holds. Nothing follows. */
  close?(): Promise<void>;
}
