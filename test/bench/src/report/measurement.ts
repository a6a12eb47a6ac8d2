import type { Cell } from '../plan/cell.ts';

/** One round of one cell. */
export interface Round {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Processor time of the server for a call: steadier than throughput on a machine that does other work too. */
  readonly serverMicrosPerCall: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Share of the time that the load generator's core was busy. Near 1, the generator was the limit. */
  readonly generatorBusy: number;
}

/** A cell with all its rounds, or with why it does not count. */
export interface Measurement {
  readonly cell: Cell;
  readonly rounds: readonly Round[];
  /** The first wrong answer; the figures are then not shown. */
  readonly void?: string;
}
