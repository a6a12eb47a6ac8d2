import { median } from './statistics.ts';

/** What a filtered list costs more than the bare one. */
export interface ListShare {
  /** Median processor time of the bare one, in microseconds. */
  readonly served: number;
  readonly filtered: number;
  /** Median over rounds of what the second takes more, as a share of the first. */
  readonly more: number;
}

/** The most that filtering may add to serving a list, as a share. */
export const listLimit = 0.1;

/** Compares two lists of times round by round; `undefined` when one of them is missing or void. */
export function findListShare(served: readonly number[], filtered: readonly number[]): ListShare | undefined {
  if (served.length === 0 || served.length !== filtered.length) return undefined;
  return {
    served: median(served),
    filtered: median(filtered),
    more: median(filtered.map((time, index) => time / (served[index] ?? Number.NaN) - 1)),
  };
}
