/** When a segment is followed by a new one. */
export interface RotatePolicy {
  /** Bytes from which on nothing more is added to a segment. */
  readonly bytes: number;
  /** Hours from which on nothing more is added to a segment, by monotonic time. */
  readonly hours: number;
}

export type RotationReason = 'size' | 'age';

export const defaultRotatePolicy: RotatePolicy = { bytes: 256 * 1024 * 1024, hours: 24 };

const hourMs = 3_600_000;

/** What has been written to the open segment. */
export interface SegmentSize {
  readonly bytes: number;
  readonly records: number;
  /** `performance.now()` when it got its name. */
  readonly sinceMs: number;
}

/** Why a segment is due to be followed by a new one; `undefined` when it is not. Never for one record. */
export function rotationDue(policy: RotatePolicy, size: SegmentSize): RotationReason | undefined {
  if (size.records <= 1) return undefined;
  if (size.bytes >= policy.bytes) return 'size';
  return performance.now() - size.sinceMs >= policy.hours * hourMs ? 'age' : undefined;
}
