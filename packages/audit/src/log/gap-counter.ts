import type { AuditEntry } from '@sallyport/core';

/** Records that were lost and that no `audit.gap` record accounts for yet. */
export interface Gap {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** How many of each type. */
  readonly types: ReadonlyMap<string, number>;
  /** How many of them another copy of the log has. */
  readonly elsewhere: number;
}

/** Counts lost records exactly: what is taken for a record comes back when that record is lost as well. */
export class GapCounter {
  #gap: Gap | undefined;
  #taken = 0;

  /** Includes what stands in a record that is not durable yet. */
  get count(): number {
    return (this.#gap?.count ?? 0) + this.#taken;
  }

  add(type: string, count: number, atMs: number): void {
    this.#merge({ count, firstMs: atMs, lastMs: atMs, types: new Map([[type, count]]), elsewhere: 0 });
  }

  /** So many of those that were added are in another copy. */
  elsewhere(count: number): void {
    if (this.#gap !== undefined) this.#gap = { ...this.#gap, elsewhere: this.#gap.elsewhere + count };
  }

  take(): Gap | undefined {
    const gap = this.#gap;
    this.#gap = undefined;
    this.#taken += gap?.count ?? 0;
    return gap;
  }

  /** The record about this gap is durable. */
  settle(gap: Gap): void {
    this.#taken -= gap.count;
  }

  /** The record about this gap is lost. */
  restore(gap: Gap): void {
    this.#taken -= gap.count;
    this.#merge(gap);
  }

  #merge(more: Gap): void {
    const gap = this.#gap;
    if (gap === undefined) {
      this.#gap = more;
      return;
    }
    const types = new Map(gap.types);
    for (const [type, count] of more.types) types.set(type, (types.get(type) ?? 0) + count);
    this.#gap = {
      count: gap.count + more.count,
      firstMs: Math.min(gap.firstMs, more.firstMs),
      lastMs: Math.max(gap.lastMs, more.lastMs),
      types,
      elsewhere: gap.elsewhere + more.elsewhere,
    };
  }
}

/** The record that accounts for a gap. */
export function gapEntry(gap: Gap): AuditEntry {
  return {
    type: 'audit.gap',
    detail: {
      count: gap.count,
      firstAt: new Date(gap.firstMs).toISOString(),
      lastAt: new Date(gap.lastMs).toISOString(),
      types: Object.fromEntries(gap.types),
      ...(gap.elsewhere > 0 && { elsewhere: gap.elsewhere }),
    },
  };
}
