import type { TimeBucket } from './time-buckets.ts';

/** A bucket that stands out. */
export interface Peak {
  /** Beginning of the bucket, RFC 3339 in UTC. */
  readonly from: string;
  readonly of: 'calls' | 'refusals';
  readonly count: number;
}

/** What is usual for one series, and what is above it. */
export interface PeakRule {
  readonly of: 'calls' | 'refusals';
  /** Buckets with at least one; the others say nothing about what is usual. */
  readonly buckets: number;
  readonly median: number;
  /** Median of the absolute deviations from the median, of the same buckets. */
  readonly mad: number;
  /** A bucket with more is a peak. Absent: there are too few buckets to say what is usual. */
  readonly threshold?: number;
}

export interface FoundPeaks {
  readonly rules: readonly PeakRule[];
  /** In order of time. */
  readonly peaks: readonly Peak[];
}

/** Deviations above the median. For usual noise it is four standard deviations: one bucket in thirty thousand. */
export const peakFactor = 6;
/** With fewer buckets than this nothing is usual. */
export const minPeakBuckets = 8;

/**
 * Marks the buckets with more than median + 6 × MAD, for all calls and for everything that was refused. MAD is taken as at least
 * one, so that a steady log does not make a peak of one call more.
 */
export function findPeaks(buckets: readonly TimeBucket[]): FoundPeaks {
  const calls = buckets.map(({ allowed, denied, refused }) => allowed + denied + refused);
  const refusals = buckets.map(({ denied, refused }) => denied + refused);
  const series = [
    { of: 'calls', counts: calls },
    { of: 'refusals', counts: refusals },
  ] as const;
  const rules: PeakRule[] = [];
  const peaks: Peak[] = [];
  for (const { of, counts } of series) {
    const rule = ruleOf(of, counts);
    rules.push(rule);
    for (const [index, count] of counts.entries()) {
      const from = buckets[index]?.from;
      if (from !== undefined && rule.threshold !== undefined && count > rule.threshold) peaks.push({ from, of, count });
    }
  }
  return { rules, peaks: peaks.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)) };
}

function ruleOf(of: PeakRule['of'], counts: readonly number[]): PeakRule {
  const some = counts.filter((count) => count > 0);
  const median = medianOf(some);
  const mad = medianOf(some.map((count) => Math.abs(count - median)));
  const rule: PeakRule = { of, buckets: some.length, median, mad };
  return some.length < minPeakBuckets ? rule : { ...rule, threshold: median + peakFactor * Math.max(mad, 1) };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}
