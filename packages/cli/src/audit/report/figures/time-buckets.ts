import { timeText } from './time-span.ts';

/** What is counted over time. `refused`: before any decision. */
export type Activity = 'allowed' | 'denied' | 'refused';

export interface TimeBucket {
  /** Its beginning, RFC 3339 in UTC. */
  readonly from: string;
  readonly allowed: number;
  readonly denied: number;
  readonly refused: number;
}

export interface BucketSeries {
  readonly bucketSeconds: number;
  /** All from the first to the last, also those without a call. */
  readonly buckets: readonly TimeBucket[];
}

type Counts = Record<Activity, number>;

const day = 86_400;
/** Sizes people read easily, in seconds. */
const sizes: readonly number[] = [1, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, day, 7 * day, 28 * day, 364 * day];
/** More bars than this can not be told apart. */
const maxBuckets = 120;
/** While records come in; enough to become at most half as coarse as the final size. */
const maxHeld = 4096;

/** Counts activity over a time that is not known beforehand, in bounded memory: buckets become coarser as it grows. */
export class TimeBuckets {
  #size = 0;
  #seconds: number = sizes[0] ?? 1;
  #held: Map<number, Counts> = new Map();
  #untimed = 0;

  see(atMs: number, activity: Activity, count = 1): void {
    if (Number.isNaN(atMs)) {
      this.#untimed += count;
      return;
    }
    const number = Math.floor(atMs / (this.#seconds * 1000));
    this.#countsOf(number)[activity] += count;
    while (this.#held.size > maxHeld) this.#coarsen();
  }

  /** How many had no time that can be read. */
  get untimed(): number {
    return this.#untimed;
  }

  finish(): BucketSeries {
    while (this.#span() > maxBuckets) this.#coarsen();
    const first = Math.min(...this.#held.keys());
    const buckets: TimeBucket[] = [];
    const span = this.#span();
    for (let number = first; number < first + span; number += 1) {
      const counts = this.#held.get(number) ?? noCounts();
      buckets.push({ from: timeText(number * this.#seconds * 1000), ...counts });
    }
    return { bucketSeconds: this.#seconds, buckets };
  }

  #countsOf(number: number): Counts {
    let counts = this.#held.get(number);
    if (counts === undefined) {
      counts = noCounts();
      this.#held.set(number, counts);
    }
    return counts;
  }

  #span(): number {
    if (this.#held.size === 0) return 0;
    const numbers = [...this.#held.keys()];
    return Math.max(...numbers) - Math.min(...numbers) + 1;
  }

  #coarsen(): void {
    const before = this.#seconds;
    this.#size += 1;
    this.#seconds = sizes[this.#size] ?? before * 2;
    const held = this.#held;
    this.#held = new Map();
    for (const [number, counts] of held) {
      const into = this.#countsOf(Math.floor((number * before) / this.#seconds));
      for (const activity of activities) into[activity] += counts[activity];
    }
  }
}

const activities: readonly Activity[] = ['allowed', 'denied', 'refused'];

function noCounts(): Counts {
  return { allowed: 0, denied: 0, refused: 0 };
}
