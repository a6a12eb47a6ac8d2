import type { AuditRecord, JsonValue } from '@sallyport/core';
import type { Output } from '../../../terminal/output.ts';
import { renderTable, type TableColumn } from '../../../terminal/render-table.ts';
import { filterHints } from '../../filter-hints.ts';
import type { LogFindings } from '../../log-findings.ts';
import type { RecordFilter } from '../../record-filter.ts';
import { scanLog } from '../../scan-log.ts';
import type { QueryResult } from '../query-result.ts';
import { sorted, type Sort } from '../sort.ts';
import { CallGroups, type CallGroup } from './call-group.ts';
import type { GroupKey } from './group-key.ts';
import { createScanTask } from './group-task.ts';

/** What groups can be sorted by, besides their keys. */
export const groupSorts = ['calls', 'allowed', 'denied', 'first', 'last'] as const;

/** A caller can make up names without end. */
const maxGroups = 250_000;
const defaultLimit = 10_000;

export interface QueryGroupsOptions {
  readonly filter: RecordFilter;
  readonly keys: readonly GroupKey[];
  readonly sort: Sort | undefined;
  readonly limit: number | undefined;
}

/** Counts the calls that a filter selects, by groups. */
export async function queryGroups(
  directory: string,
  { filter, keys, sort, limit }: QueryGroupsOptions,
  findings: LogFindings,
  output: Output,
): Promise<QueryResult> {
  const groups = new CallGroups(keys);
  const module = new URL('./group-task.js', import.meta.url).href;
  const work = { create: createScanTask, module, data: { filter, hints: filterHints(filter), keys } };
  let [total, ungrouped] = [0, 0];
  for await (const piece of await scanLog(directory, work, { stream: filter.stream, findings, output })) {
    total += piece.records;
    const late = new CallGroups(keys);
    for (const row of piece.rows) late.see(JSON.parse(row) as AuditRecord);
    for (const group of [...(piece.result ?? []), ...late.list()]) {
      if (!groups.add(group, maxGroups)) ungrouped += group.calls;
    }
  }
  const found = groups.list().toSorted(orderOf(keys, sort));
  const shown = found.slice(0, limit ?? defaultLimit);
  if (output.json) for (const group of shown) await output.dataJson(valuesOf(keys, group));
  else if (shown.length > 0) await showTable(keys, shown, output);
  const calls = found.reduce((sum, group) => sum + group.calls, ungrouped);
  const left = found.length - shown.length;
  const part = left === 0 ? '' : `, of which ${shown.length} are shown`;
  output.message(`${calls} calls and other events in ${found.length} groups${part}, ${total} records`);
  const cut = left > 0 && limit === undefined;
  if (cut) output.warning(`${left} more groups are not shown; raise --limit or select fewer`);
  if (ungrouped > 0) output.warning(`${ungrouped} calls are in none of the groups: there are too many; select fewer`);
  return { total, shown: shown.length, cut: cut || ungrouped > 0 };
}

function showTable(keys: readonly GroupKey[], groups: readonly CallGroup[], output: Output): Promise<void> {
  const { style, width } = output;
  const observed = groups.some(({ wouldDeny }) => wouldDeny > 0);
  const columns: TableColumn[] = [
    ...keys.map((key) => ({ title: key.toUpperCase(), minWidth: 8 })),
    ...['CALLS', 'ALLOWED', 'DENIED', ...(observed ? ['WOULD DENY'] : []), 'LAST (UTC)'].map((title) => ({ title })),
  ];
  const rows = groups.map(({ values, calls, allowed, denied, wouldDeny, last }) => [
    ...values.map((value) => value ?? ''),
    ...[calls, allowed, denied, ...(observed ? [wouldDeny] : [])].map(String),
    last,
  ]);
  return output.data(renderTable(columns, rows, { style, width }));
}

function valuesOf(keys: readonly GroupKey[], group: CallGroup): Record<string, JsonValue> {
  const { values, calls, allowed, denied, wouldDeny, first, last } = group;
  const named = keys.map((key, index): [string, JsonValue] => [key, values[index] ?? null]);
  return { ...Object.fromEntries(named), calls, allowed, denied, would_deny: wouldDeny, first, last };
}

function orderOf(
  keys: readonly GroupKey[],
  sort: Sort = { by: 'calls', descending: true },
): (a: CallGroup, b: CallGroup) => number {
  const { by } = sort;
  if (by === 'calls' || by === 'allowed' || by === 'denied' || by === 'first' || by === 'last')
    return sorted((group: CallGroup) => group[by], sort);
  const index = keys.findIndex((key) => key === by);
  return sorted(({ values }: CallGroup) => values[index] ?? '', sort);
}
