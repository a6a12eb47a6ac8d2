import { readAuditLog } from '@sallyport/audit';
import { SetupError, type AuditRecord } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { renderTable } from '../terminal/render-table.ts';
import { callDetail } from './call-detail.ts';
import { callCells, callColumns, type CallRow } from './call-row.ts';
import { createCallRows } from './call-rows.ts';
import { createLogFindings } from './log-findings.ts';
import { createRecordFilter, type RecordFilter } from './record-filter.ts';

/** More rows than anybody reads; JSON has no such limit. */
const maxRows = 100_000;

export interface ShowRecordsOptions {
  readonly filter: RecordFilter;
  /** In the table, only so many of the newest calls. */
  readonly last?: number | undefined;
}

export interface ShownRecords {
  /** 1 when the log holds lines that can not be its own, or the one call that was asked for is not there. */
  readonly exitCode: number;
  readonly shown: number;
  /** Records, and what is wrong with lines. */
  readonly total: number;
}

/**
 * Shows the records of a log that a filter selects: as a table of calls, in full for one call, or as JSON lines.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log.
 */
export async function showRecords(
  directory: string,
  options: ShowRecordsOptions,
  output: Output,
): Promise<ShownRecords> {
  const { filter, last } = options;
  const matches = createRecordFilter(filter);
  const findings = createLogFindings();
  let total = 0;
  let shown = 0;
  async function* selected(): AsyncGenerator<AuditRecord, void, undefined> {
    for await (const item of readAuditLog(directory)) {
      total += 1;
      if (item.kind === 'finding') findings.see(item);
      else if (matches(item.record)) {
        shown += 1;
        yield item.record;
      }
    }
  }
  if (output.json) await showJson(selected(), output);
  else if (filter.call !== undefined) await showDetails(selected(), output);
  else await showTable(selected(), last ?? maxRows, output);
  if (total === 0) throw noLog(directory);
  const damaged = findings.report(directory, output);
  if (shown === 0) output.message(`none of ${total} records matches`);
  const missing = shown === 0 && filter.call !== undefined;
  return { exitCode: damaged || missing ? 1 : 0, shown, total };
}

async function showJson(records: AsyncIterable<AuditRecord>, output: Output): Promise<void> {
  for await (const record of records) await output.dataJson(record);
}

async function showDetails(records: AsyncIterable<AuditRecord>, output: Output): Promise<void> {
  const columns = [{ title: 'fact' }, { title: 'value' }];
  let first = true;
  for await (const record of records) {
    const [head = ['', ''], ...rows] = callDetail(record);
    const table = renderTable(columns, [[{ text: head[0], tone: 'title' }, head[1]], ...rows], {
      style: output.style,
      bare: true,
    });
    await output.data(first ? table : `\n${table}`);
    first = false;
  }
}

async function showTable(records: AsyncIterable<AuditRecord>, limit: number, output: Output): Promise<void> {
  const collected = createCallRows({ limit });
  for await (const record of records) collected.see(record);
  const { rows, left } = collected.finish();
  if (rows.length === 0) return;
  const { style, width } = output;
  await output.data(renderTable(callColumns, rows.map(callCells), { style, width }));
  output.message(summary(rows));
  if (left > 0) output.message(`${left} older ones are not shown`);
}

function summary(rows: readonly CallRow[]): string {
  const count = (effect: string): number => rows.filter((row) => row.effect === effect).length;
  const [allowed, denied] = [count('allow'), count('deny')];
  const other = rows.length - allowed - denied;
  const open = rows.filter(({ effect, result }) => effect === 'allow' && result === 'open').length;
  return [
    `${allowed} allowed`,
    `${denied} denied`,
    ...(other > 0 ? [`${other} other`] : []),
    ...(open > 0 ? [`${open} without an outcome`] : []),
  ].join(', ');
}

function noLog(directory: string): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    file: directory,
    problem: 'there is no audit log: no audit-*.jsonl file with a record',
    remedy: 'name the directory of audit.directory in the config',
  });
}
