import type { SegmentedCopy } from '../../log/segmented-audit-log.ts';

export interface MirrorBoundOptions {
  readonly log: SegmentedCopy;
  readonly mirror: SegmentedCopy;
  /** The first record of the log that the receiver has not acknowledged; 0 while that is not known. */
  readonly acknowledged: () => number;
  /** Milliseconds between two looks at where the copies end. */
  readonly lookMs: number;
}

/** Where the two copies ended at a moment. */
interface Mark {
  readonly mirror: number;
  readonly log: number;
}

const maxMarks = 512;

/**
 * How far the mirror may be exported: not before the receiver has from the log what both have. So only what the log does not have is
 * sent from the mirror, as long as the ids of the rest are remembered.
 */
export class MirrorBound {
  readonly #options: MirrorBoundOptions;
  #marks: Mark[] = [];
  #bound = 0;
  #seen = 0;
  #marked = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #released = false;

  constructor(options: MirrorBoundOptions) {
    this.#options = options;
  }

  /** The log is exported to its end, or will not be: nothing is to be waited for. */
  release(): void {
    this.#released = true;
  }

  confirmed(): number {
    const { mirror, acknowledged, lookMs } = this.#options;
    if (this.#released) return mirror.confirmed();
    if (performance.now() - this.#lookedAtMs >= lookMs) this.#look();
    const seq = acknowledged();
    for (let [mark] = this.#marks; mark !== undefined && mark.log <= seq; [mark] = this.#marks) {
      this.#bound = mark.mirror;
      this.#marks.shift();
    }
    return this.#bound;
  }

  #look(): void {
    const { log, mirror } = this.#options;
    this.#lookedAtMs = performance.now();
    // What the mirror had at the look before this one, the log has by now, if it takes records at all.
    if (this.#seen > this.#marked) {
      this.#marks.push({ mirror: this.#seen, log: log.confirmed() });
      this.#marked = this.#seen;
    }
    this.#seen = mirror.confirmed();
    if (this.#marks.length > maxMarks) this.#marks = this.#marks.filter((_, index) => index % 2 === 1);
  }
}
