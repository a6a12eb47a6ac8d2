import type { JsonValue } from '@sallyport/core';
import type { Output } from '../../../terminal/output.ts';
import { printable } from '../../../terminal/printable.ts';
import { renderTable } from '../../../terminal/render-table.ts';
import { askProcess } from './ask-process.ts';
import { named } from './sql-value.ts';

/** Rows of a table when nothing else is said. JSON goes out row by row, and needs no end. */
const defaultLimit = 100_000;
/** Characters of a table that are held to find out its widths. */
const maxHeld = 64 * 1024 * 1024;

export interface SqlQuestion {
  /** The private folder with the database. */
  readonly folder: string;
  readonly sql: string;
  readonly limit: number | undefined;
  readonly timeoutMs: number;
}

/**
 * Shows what a statement gives, row by row as JSON, or as a table. Gives how many rows were shown, and whether there are more than
 * those though nobody set a limit to them, which is said.
 *
 * @throws SetupError `ERR_CLI_SQL`
 */
export async function showAnswer(
  { folder, sql, limit, timeoutMs }: SqlQuestion,
  output: Output,
): Promise<{ readonly shown: number; readonly cut: boolean }> {
  const most = limit ?? (output.json ? undefined : defaultLimit);
  const lines = askProcess({ folder, sql, ...(most !== undefined && { limit: most }) }, timeoutMs);
  let names: readonly string[] = [];
  const table: string[][] = [];
  let [shown, held, more, full] = [0, 0, false, false];
  try {
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done === true) {
        more = line;
        break;
      }
      if ('columns' in line) {
        names = line.columns;
        continue;
      }
      if (held > maxHeld) {
        full = true;
        break;
      }
      shown += 1;
      if (output.json) await output.dataJson(named(names.map((name, index) => [name, line[index] ?? null])));
      else {
        const cells = line.map(cellOf);
        held += cells.reduce((sum, cell) => sum + cell.length, 0);
        table.push(cells);
      }
    }
  } finally {
    await lines.return(false);
  }
  if (!output.json) {
    const columns = names.map((name) => ({ title: printable(name), minWidth: 8 }));
    const { style, width } = output;
    await output.data(renderTable(columns, table, { style, width }));
  }
  if (full) output.warning(`more rows are not shown: a table holds 64 MiB; use --json, which has no such limit`);
  else if (more && limit === undefined)
    output.warning(`more rows are not shown; raise --limit, use --json, or count in the statement`);
  return { shown, cut: full || (more && limit === undefined) };
}

function cellOf(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
