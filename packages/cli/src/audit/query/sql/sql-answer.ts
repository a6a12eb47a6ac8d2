import type { DuckDBResult } from '@duckdb/node-api';
import type { JsonValue } from '@sallyport/core';
import type { Output } from '../../../terminal/output.ts';
import { printable } from '../../../terminal/printable.ts';
import { renderTable } from '../../../terminal/render-table.ts';
import type { DuckDB } from '../../columns/duckdb.ts';
import { createSqlValue, named } from './sql-value.ts';

/** Rows of an answer that are shown when nothing else is said. */
const defaultLimit = 100_000;
/** Characters of a table that are held to find out its widths. */
const maxHeld = 64 * 1024 * 1024;

/** Shows an answer row by row as JSON, or as a table. Gives how many rows were shown, and whether there were more. */
export async function showAnswer(
  duckdb: DuckDB,
  result: DuckDBResult,
  limit: number | undefined,
  output: Output,
): Promise<{ readonly shown: number; readonly more: boolean }> {
  const sqlValue = createSqlValue(duckdb);
  const names = result.deduplicatedColumnNames();
  const most = limit ?? defaultLimit;
  const table: string[][] = [];
  let held = 0;
  let shown = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const row of chunk.getRows()) {
      if (shown === most || held > maxHeld) return { shown: await finish(), more: true };
      shown += 1;
      const values = row.map(sqlValue);
      if (output.json) await output.dataJson(named(names.map((name, index) => [name, values[index] ?? null])));
      else {
        const cells = values.map(cellOf);
        held += cells.reduce((sum, cell) => sum + cell.length, 0);
        table.push(cells);
      }
    }
  }
  return { shown: await finish(), more: false };

  async function finish(): Promise<number> {
    if (output.json) return shown;
    const columns = names.map((name) => ({ title: printable(name), minWidth: 8 }));
    const { style, width } = output;
    await output.data(renderTable(columns, table, { style, width }));
    return shown;
  }
}

function cellOf(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
