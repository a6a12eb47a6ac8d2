import { type AuditRecord, textAt, valueAt } from '@sallyport/core';
import type { ReportFigures } from './report-figures.ts';
import { TallyMap } from './tally-map.ts';

/** Counts what records declare that they left out or hid. */
export class RedactionCounts {
  readonly #levels: TallyMap = new TallyMap();
  #hidden = 0;
  #shortened = 0;
  #digested = 0;

  see(record: AuditRecord): void {
    if (record.redaction === undefined) return;
    this.#levels.add(textAt(record, 'redaction', 'level') ?? 'unknown');
    this.#hidden += lengthAt(record, 'hidden');
    this.#shortened += lengthAt(record, 'truncated');
    const digested = valueAt(record, 'redaction', 'digestedLeaves');
    if (typeof digested === 'number' && digested > 0) this.#digested += digested;
  }

  finish(): ReportFigures['redaction'] {
    return {
      levels: this.#levels.finish(),
      hiddenValues: this.#hidden,
      shortenedValues: this.#shortened,
      digestedLeaves: this.#digested,
    };
  }
}

function lengthAt(record: AuditRecord, name: string): number {
  const list = valueAt(record, 'redaction', name);
  return Array.isArray(list) ? list.length : 0;
}
