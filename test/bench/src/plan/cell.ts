import { listedTools } from '../server/call.ts';
import { rows, type Row, type RowName } from './row.ts';
import { refusals, type Scenario } from './scenario.ts';

/** One figure of the table: a server with a number of tools, asked for one thing over a number of connections. */
export interface Cell {
  readonly row: RowName;
  /** 0 for a server without tools. */
  readonly tools: number;
  readonly scenario: Scenario;
  readonly connections: number;
}

export interface PlanOptions {
  readonly rows: readonly RowName[];
  readonly tools: readonly number[];
  /** Connections of the rows for throughput; each also gets one with a single connection. */
  readonly connections: number;
  /** Whether a list is measured, bare and filtered, whatever the rows are. */
  readonly lists: boolean;
}

/** Every cell of a round. Cells that are compared with each other stand next to each other. */
export function planCells(options: PlanOptions): Cell[] {
  const chosen = rows.filter((row) => options.rows.includes(row.name));
  const cells: Cell[] = [];
  for (const connections of [1, options.connections]) {
    for (const row of chosen.filter((candidate) => !candidate.hasTools)) {
      cells.push({ row: row.name, tools: 0, scenario: 'call', connections });
    }
    for (const tools of options.tools) cells.push(...toolCells(chosen, tools, 'call', connections));
  }
  const guarded = chosen.filter((row) => row.isGuarded);
  for (const tools of options.tools) cells.push(...toolCells(guarded, tools, 'call-distinct', options.connections));
  // A refusal does not reach the tools, so one number of tools will do: the one in the middle.
  const middle = options.tools[Math.floor(options.tools.length / 2)] ?? 1;
  for (const scenario of refusals) cells.push(...toolCells(guarded, middle, scenario, options.connections));
  if (options.lists) {
    for (const row of ['sdk', 'sallyport'] as const)
      cells.push({ row, tools: listedTools, scenario: 'list', connections: 1 });
  }
  return cells;
}

function toolCells(chosen: readonly Row[], tools: number, scenario: Scenario, connections: number): Cell[] {
  return chosen.filter((row) => row.hasTools).map((row) => ({ row: row.name, tools, scenario, connections }));
}

/** The server a cell needs; cells with the same key share it. */
export function serverKey(cell: Pick<Cell, 'row' | 'tools'>): string {
  return `${cell.row}/${cell.tools}`;
}
