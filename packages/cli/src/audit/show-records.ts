import { readWholeLog } from '@sallyport/audit';
import { SetupError, type AuditRecord } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { renderTable } from '../terminal/render-table.ts';
import { callDetail } from './call-detail.ts';
import { callCells, callColumns, callRow, type CallRow } from './call-row.ts';
import { createCallRows } from './call-rows.ts';
import { createLogFindings } from './log-findings.ts';
import { createRecordFilter } from './attempt-filter.ts';
import { warnOfMisses } from './misses/warn-of-misses.ts';
import type { RecordFilter } from './record-filter.ts';
import { createWouldDenyGroups, groupCells, groupColumns, type WouldDenyGroups } from './would-deny-groups.ts';

/** More rows than anybody reads; JSON has no such limit. */
const maxRows = 100_000;

export interface ShowRecordsOptions {
  /** With `wouldDeny` a summary by rule and caller is shown too. */
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
  // A line of the table is a call with its end.
  const matches = createRecordFilter({ ...filter, withEnds: !output.json && filter.call === undefined });
  const findings = createLogFindings();
  const groups = filter.wouldDeny === true ? createWouldDenyGroups() : undefined;
  let total = 0;
  let shown = 0;
  async function* selected(): AsyncGenerator<AuditRecord, void, undefined> {
    for await (const item of await readWholeLog(
      directory,
      filter.stream === undefined ? {} : { stream: filter.stream },
    )) {
      total += 1;
      if (item.kind === 'finding') findings.see(item);
      else if (matches(item.record)) {
        shown += 1;
        groups?.see(item.record);
        yield item.record;
      }
    }
  }
  if (output.json) await showJson(selected(), groups, output);
  else if (filter.call !== undefined) await showDetails(selected(), output);
  else await showTable(selected(), { limit: last ?? maxRows, groups }, output);
  if (total === 0) throw noLog(directory);
  const damaged = findings.report(directory, output);
  if (shown === 0) {
    output.message(
      groups === undefined
        ? `none of ${total} records matches`
        : `enforcing would deny none of these calls (${total} records)`,
    );
  }
  await warnOfMisses(directory, filter, { found: shown > 0 }, output);
  const missing = shown === 0 && filter.call !== undefined;
  return { exitCode: damaged || missing ? 1 : 0, shown, total };
}

async function showJson(
  records: AsyncIterable<AuditRecord>,
  groups: WouldDenyGroups | undefined,
  output: Output,
): Promise<void> {
  for await (const record of records) await output.dataJson(record);
  for (const group of groups?.finish().groups ?? []) await output.dataJson({ type: 'would_deny', ...group });
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

interface TableOptions {
  readonly limit: number;
  readonly groups: WouldDenyGroups | undefined;
}

async function showTable(
  records: AsyncIterable<AuditRecord>,
  { limit, groups }: TableOptions,
  output: Output,
): Promise<void> {
  const collected = createCallRows({ limit, rowOf: callRow });
  for await (const record of records) collected.see(record);
  const { rows, left } = collected.finish();
  if (rows.length === 0) return;
  const { style, width } = output;
  if (groups !== undefined) await showGroups(groups, output);
  await output.data(renderTable(callColumns, rows.map(callCells), { style, width }));
  output.message(summary(rows));
  if (left > 0) output.message(`${left} older ones are not shown`);
}

async function showGroups(collected: WouldDenyGroups, output: Output): Promise<void> {
  const { groups, ungrouped } = collected.finish();
  const { style, width } = output;
  await output.data(`${renderTable(groupColumns, groups.map(groupCells), { style, width })}\n`);
  if (ungrouped > 0) output.message(`${ungrouped} more calls are in none of these ${groups.length} groups`);
}

function summary(rows: readonly CallRow[]): string {
  const count = (effect: string): number => rows.filter((row) => row.effect === effect).length;
  const [allowed, denied, observed] = [count('allow'), count('deny'), count('would deny')];
  const other = rows.length - allowed - denied - observed;
  const open = rows.filter(
    ({ effect, result }) => (effect === 'allow' || effect === 'would deny') && result === 'open',
  );
  return [
    `${allowed} allowed`,
    `${denied} denied`,
    ...(observed > 0 ? [`${observed} that enforcing would deny`] : []),
    ...(other > 0 ? [`${other} other`] : []),
    ...(open.length > 0 ? [`${open.length} without an outcome`] : []),
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
