import type { Measurement, Round } from './measurement.ts';
import { median } from './statistics.ts';

/** How much of the bare SDK handler's throughput a guarded row leaves, for one number of tools. */
export interface Share {
  readonly row: string;
  readonly tools: number;
  readonly scenario: string;
  readonly connections: number;
  /** Median over rounds of this row's throughput divided by the bare handler's of the same round. */
  readonly throughput: number;
  /** The same for processor time: the bare handler's divided by this row's. */
  readonly processor: number;
}

/** Compares every allowed call with the bare handler's of the same tools and connections, round by round. */
export function findShares(measurements: readonly Measurement[]): Share[] {
  return measurements.flatMap((measurement) => {
    const { row, tools, scenario, connections } = measurement.cell;
    if (row === 'sdk' || tools === 0 || !scenario.startsWith('call')) return [];
    const bare = measurements.find(
      ({ cell }) =>
        cell.row === 'sdk' && cell.tools === tools && cell.scenario === 'call' && cell.connections === connections,
    );
    if (bare === undefined || bare.void !== undefined || measurement.void !== undefined) return [];
    const pairs = measurement.rounds.flatMap((round, index): [Round, Round][] => {
      const other = bare.rounds[index];
      return other === undefined ? [] : [[round, other]];
    });
    return [
      {
        ...measurement.cell,
        throughput: median(pairs.map(([round, other]) => round.callsPerSecond / other.callsPerSecond)),
        processor: median(pairs.map(([round, other]) => other.serverMicrosPerCall / round.serverMicrosPerCall)),
      },
    ];
  });
}
