import { type AuditRecord, type JsonValue } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { renderTable } from '../../terminal/render-table.ts';
import { callCells, callColumns, callRow, type CallRow } from '../call-row.ts';
import { createCallRows, timeOf } from '../call-rows.ts';
import { recordColumns, type ColumnValue } from '../columns/record-columns.ts';
import { partsOf } from '../columns/record-parts.ts';
import type { LogFindings } from '../log-findings.ts';
import type { RecordFilter } from '../record-filter.ts';
import { readLines } from '../read-lines.ts';
import type { QueryResult } from './query-result.ts';
import { sorted, type Sort } from './sort.ts';

/** What calls can be sorted by. */
export const callSorts = ['time', 'subject', 'client', 'tool', 'decision', 'rule'] as const;

/** More rows than anybody reads. */
const defaultLimit = 100_000;

export interface QueryCallsOptions {
  readonly filter: RecordFilter;
  readonly sort: Sort | undefined;
  readonly limit: number | undefined;
}

interface QueryRow extends CallRow {
  /** For JSON. */
  readonly values: Record<string, JsonValue>;
}

/** Shows the calls that a filter selects, each with its end. */
export async function queryCalls(
  directory: string,
  { filter, sort, limit }: QueryCallsOptions,
  findings: LogFindings,
  output: Output,
): Promise<QueryResult> {
  const rows = createCallRows<QueryRow>({
    limit: limit ?? defaultLimit,
    order: orderOf(sort),
    rowOf: (record) => ({ ...callRow(record), values: output.json ? valuesOf(record) : {} }),
    onEnd: (row, record) => void (output.json && addEnd(row.values, record)),
  });
  let total = 0;
  for await (const piece of await readLines(directory, filter, { stream: filter.stream, findings, output })) {
    total += piece.records;
    for (const row of piece.rows) rows.see(JSON.parse(row) as AuditRecord);
  }
  const { rows: found, left } = rows.finish();
  if (output.json) for (const { values } of found) await output.dataJson(values);
  else if (found.length > 0) await showTable(found, output);
  const shown = left === 0 ? '' : `, of which ${found.length} are shown`;
  output.message(`${found.length + left} calls and other events in ${total} records${shown}`);
  const cut = left > 0 && limit === undefined;
  if (cut) output.warning(`${left} more are not shown; raise --limit or select fewer`);
  return { total, shown: found.length, cut };
}

function showTable(rows: readonly QueryRow[], output: Output): Promise<void> {
  const { style, width } = output;
  return output.data(renderTable(callColumns, rows.map(callCells), { style, width }));
}

function orderOf(sort: Sort = { by: 'time', descending: false }): (a: CallRow, b: CallRow) => number {
  switch (sort.by) {
    case 'subject':
      return sorted(({ who }: CallRow) => who, sort);
    case 'client':
      return sorted(({ client }: CallRow) => client, sort);
    case 'tool':
      return sorted(({ what }: CallRow) => what, sort);
    case 'decision':
      return sorted(({ effect }: CallRow) => effect, sort);
    case 'rule':
      return sorted(({ rule }: CallRow) => rule, sort);
    default:
      return sorted(timeOf, sort);
  }
}

function valuesOf(record: AuditRecord): Record<string, JsonValue> {
  const parts = partsOf(record);
  return Object.fromEntries(recordColumns.map(({ name, value }) => [name, jsonOf(value(parts)) ?? null]));
}

/** What the end of a call says of it. */
function addEnd(values: Record<string, JsonValue>, record: AuditRecord): void {
  const parts = partsOf(record);
  for (const { name, value, ofEnd } of recordColumns)
    if (ofEnd === true) values[name] = jsonOf(value(parts)) ?? values[name] ?? null;
}

function jsonOf(value: ColumnValue | undefined): JsonValue | undefined {
  return typeof value === 'object' ? [...value] : value;
}
