import { type AuditRecord, textAt, valueAt } from '@sallyport/core';
import { BoundedGroups } from './bounded-groups.ts';
import type { RefusalRow, TopRows } from './report-figures.ts';
import { TimeSpan } from './time-span.ts';

interface Refusals {
  readonly reason: string;
  readonly source: string;
  readonly span: TimeSpan;
  readonly examples: string[];
  count: number;
}

const maxExamples = 3;

/** Counts what was refused before a decision, by reason and source. */
export class RefusalTable {
  readonly #rows: BoundedGroups<Refusals> = new BoundedGroups();
  #single = 0;
  #together = 0;

  /** A record of one refusal. */
  see(record: AuditRecord, atMs: number): void {
    this.#single += 1;
    const row = this.#rowOf(record, textAt(record, 'source', 'ip') ?? '');
    if (row === undefined) return;
    row.count += 1;
    row.span.see(atMs);
    const call = textAt(record, 'call');
    if (call !== undefined && row.examples.length < maxExamples) row.examples.push(call);
  }

  /** A record of several, `audit.aggregated`. Returns how many. */
  seeTogether(record: AuditRecord, atMs: number): number {
    const value = valueAt(record, 'detail', 'count');
    const count = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
    this.#together += count;
    const row = this.#rowOf(record, textAt(record, 'detail', 'network') ?? '');
    if (row === undefined) return count;
    row.count += count;
    row.span.see(Date.parse(textAt(record, 'detail', 'firstAt') ?? ''));
    row.span.see(Date.parse(textAt(record, 'detail', 'lastAt') ?? ''));
    row.span.see(atMs);
    return count;
  }

  get totals(): { readonly single: number; readonly together: number } {
    return { single: this.#single, together: this.#together };
  }

  /** The rows with the highest counts. */
  top(rows: number): TopRows<RefusalRow> {
    const { rows: first, more } = this.#rows.top(rows, (a, b) => b.count - a.count || (a.source < b.source ? -1 : 1));
    return { rows: first.map(rowOf), more, ungrouped: this.#rows.left };
  }

  #rowOf(record: AuditRecord, source: string): Refusals | undefined {
    const reason = textAt(record, 'decision', 'reason') ?? '';
    const make = (): Refusals => ({ reason, source, span: new TimeSpan(), examples: [], count: 0 });
    return this.#rows.rowOf([reason, source], make);
  }
}

function rowOf({ reason, source, count, span, examples }: Refusals): RefusalRow {
  return { reason, source, count, first: span.first, last: span.last, examples };
}
