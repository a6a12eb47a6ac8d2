import type { AuditLog } from '@sallyport/core';

/** The segments of one directory, while they are written. */
export interface SegmentedCopy {
  /** Absolute path. */
  readonly directory: string;
  /** Sequence number of the first record that this process wrote; 0 until there is one. */
  readonly firstSeq: number;
  /** The sequence number below which every record is durable and acknowledged. Never goes back. 0 until the directory is open. */
  confirmed(): number;
}

/** An audit log whose records can be read back from the segments of its directory while it is written. */
export interface SegmentedAuditLog extends AuditLog, SegmentedCopy {
  readonly stream: string;
  /** The second copy, if there is one. Its sequence is its own. */
  readonly mirror?: SegmentedCopy;
}

/** True for a log that `openAuditLog` opened. */
export function isSegmentedAuditLog(log: AuditLog): log is SegmentedAuditLog {
  return 'confirmed' in log && typeof log.confirmed === 'function' && 'directory' in log && 'firstSeq' in log;
}
