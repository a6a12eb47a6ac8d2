import type { Pace, Steps } from './steps.ts';

/** Names sorted at once. */
const runLength = 256;

/** The names of an object's members in canonical order (RFC 8785 §3.2.3), which is the order of their UTF-16 units. */
export function* sortedKeys(object: object, pace: Pace): Steps<readonly string[]> {
  const keys = Object.keys(object);
  if (keys.length <= runLength) return keys.sort();
  if (pace.spend(keys.length * 8)) yield;
  let runs: string[][] = [];
  for (let start = 0; start < keys.length; start += runLength) {
    runs.push(keys.slice(start, start + runLength).sort());
    if (pace.spend(runLength * 16)) yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [left = [], right = []] = [runs[index], runs[index + 1]];
      merged.push(yield* merge(left, right, pace));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge(left: readonly string[], right: readonly string[], pace: Pace): Steps<string[]> {
  const merged: string[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]];
    if (a !== undefined && (b === undefined || a < b)) {
      merged.push(a);
      l += 1;
    } else if (b !== undefined) {
      merged.push(b);
      r += 1;
    }
    if (merged.length % runLength === 0 && pace.spend(runLength * 4)) yield;
  }
  return merged;
}
