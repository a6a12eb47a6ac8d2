import { followAuditLog } from '@sallyport/audit';
import { type AuditRecord, endsAttempt } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { callRow, effectTone, endOf } from '../call-row.ts';
import { createRecordFilter } from '../attempt-filter.ts';
import type { RecordFilter } from '../record-filter.ts';

export interface TailRecordsOptions {
  readonly filter: RecordFilter;
  readonly last: number;
  readonly follow: boolean;
  readonly stream?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Shows the newest records of a log, and then those that are written. Resolves to how many were shown. */
export async function tailRecords(directory: string, options: TailRecordsOptions, output: Output): Promise<number> {
  const { filter, last, follow, stream, signal } = options;
  const matches = createRecordFilter(filter);
  const records = followAuditLog(directory, {
    last,
    follow,
    ...(stream !== undefined && { stream }),
    ...(signal !== undefined && { signal }),
  });
  let shown = 0;
  for await (const record of records) {
    if (!matches(record)) continue;
    shown += 1;
    if (output.json) await output.dataJson(record);
    else await output.data(lineOf(record, output));
  }
  return shown;
}

/** One line for one record, its parts in fixed order: a table would need all rows to know its widths. */
function lineOf(record: AuditRecord, { style }: Output): string {
  const row = callRow(record);
  const ends = endsAttempt(record);
  const effect = ends ? 'ended' : row.effect;
  const result = ends ? endOf(record) : row.result === 'open' ? '' : row.result;
  const tone = effectTone(effect);
  const shownEffect = tone === undefined ? printable(effect) : style(tone, printable(effect));
  const before = [record.at, row.who, row.what].map(printable);
  const after = [result, row.rule, row.call.slice(0, 8)].map(printable);
  return [...before, shownEffect, ...after].filter((part) => part !== '').join('  ');
}
