import { displayWidth, fitWidth } from './display-width.ts';
import { printable } from './printable.ts';
import type { Style, Tone } from './style.ts';

export interface TableColumn {
  readonly title: string;
  /** Columns of the terminal it may be cut to where the table is too wide. Default: it is never cut. */
  readonly minWidth?: number;
}

/** A text, or a text with its tone. Unprintable characters are escaped when the table is made. */
export type TableCell = string | { readonly text: string; readonly tone: Tone };

export interface RenderTableOptions {
  readonly style: Style;
  /** Columns of the terminal. Absent: nothing is cut, as it must be for a pipe. */
  readonly width?: number | undefined;
  /** Leave out the line of titles. Default false. */
  readonly bare?: boolean;
}

const gap = '  ';

/** Aligned columns, one line a row, without a final line feed. An empty cell is shown as `-`. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  options: RenderTableOptions,
): string {
  const { style, width, bare = false } = options;
  const titles = columns.map(({ title }): Cell => ({ text: title, tone: 'title' }));
  const lines = [...(bare ? [] : [titles]), ...rows.map((row) => columns.map((_, index) => toCell(row[index])))];
  const widths = columns.map((_, index) =>
    lines.reduce((most, line) => Math.max(most, displayWidth(line[index]?.text ?? '')), 0),
  );
  if (width !== undefined) shrink(widths, columns, width);
  return lines.map((line) => renderLine(line, widths, style)).join('\n');
}

interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

function toCell(cell: TableCell | undefined): Cell {
  const { text, tone } = typeof cell === 'object' ? cell : { text: cell ?? '' };
  return { text: text === '' ? '-' : printable(text), ...(tone !== undefined && { tone }) };
}

/** Takes from the column that can spare most, until the table fits or nothing can be spared. */
function shrink(widths: number[], columns: readonly TableColumn[], room: number): void {
  const spare = (index: number): number =>
    (widths[index] ?? 0) - (columns[index]?.minWidth ?? Number.POSITIVE_INFINITY);
  let excess = widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1)) - room;
  for (; excess > 0; excess -= 1) {
    let widest = 0;
    for (let index = 1; index < widths.length; index += 1) if (spare(index) > spare(widest)) widest = index;
    if (spare(widest) <= 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function renderLine(line: readonly Cell[], widths: readonly number[], style: Style): string {
  const cells = line.map(({ text, tone }, index) => {
    const width = widths[index] ?? 0;
    const fitted = fitWidth(text, width);
    const padding = index === line.length - 1 ? '' : ' '.repeat(width - displayWidth(fitted));
    return `${tone === undefined ? fitted : style(tone, fitted)}${padding}`;
  });
  return cells.join(gap);
}
