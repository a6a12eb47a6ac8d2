/** How long segments are kept. What still has to be exported or signed is kept longer. */
export interface RetentionPolicy {
  /** Days after its last record until a segment is deleted. Default: for ever. */
  readonly days?: number;
  /** Bytes that the segments of a stream may have together, the open one included; the oldest go first. Default: no limit. */
  readonly bytes?: number;
}

/** A segment, as far as its deletion is concerned. */
export interface AgedSegment {
  readonly firstSeq: number;
  readonly bytes: number;
  /** When its last record was written, in milliseconds since the epoch. */
  readonly endedAtMs: number;
}

export interface RetentionLimits {
  readonly nowMs: number;
  /** Records from this number on are not signed yet, not exported, or in the segment that is written. */
  readonly neededFrom: number;
}

/** Whether a policy deletes anything at all. */
export function deletes({ days, bytes }: RetentionPolicy): boolean {
  return days !== undefined || bytes !== undefined;
}

const dayMs = 86_400_000;

/**
 * The number of the first record to be kept, when something is to be deleted. Only whole segments go, the oldest first, never the
 * last one, and none with a record that is needed.
 */
export function retainFrom(
  policy: RetentionPolicy,
  segments: readonly AgedSegment[],
  { nowMs, neededFrom }: RetentionLimits,
): number | undefined {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  let from: number | undefined;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined || next.firstSeq > neededFrom) break;
    const old = policy.days !== undefined && nowMs - segment.endedAtMs > policy.days * dayMs;
    const tooMuch = policy.bytes !== undefined && bytes > policy.bytes;
    if (!old && !tooMuch) break;
    bytes -= segment.bytes;
    from = next.firstSeq;
  }
  return from;
}
