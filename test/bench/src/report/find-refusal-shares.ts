import { refusals, type Scenario } from '../plan/scenario.ts';
import type { Measurement } from './measurement.ts';
import { median } from './statistics.ts';

/** How many refusals a guarded row gives where the Express route gives an answer. */
export interface RefusalShare {
  readonly row: string;
  readonly scenario: Scenario;
  readonly connections: number;
  /** Median over rounds of this row's throughput divided by the Express route's of the same round. */
  readonly throughput: number;
  /** The same for processor time: the Express route's divided by this row's. */
  readonly processor: number;
  /** The least `throughput` that the guard has to have. */
  readonly limit?: number;
}

/** What is refused before any cryptography must not cost more than this share of the throughput leaves. */
const limits: Partial<Record<Scenario, number>> = { 'no-token': 0.6, 'garbage-token': 0.6 };

/** Compares every refusal with the Express route over as many connections, round by round. */
export function findRefusalShares(measurements: readonly Measurement[]): RefusalShare[] {
  return measurements.flatMap(({ cell, rounds, void: reason }) => {
    const { row, scenario, connections } = cell;
    if (!refusals.includes(scenario) || reason !== undefined) return [];
    const route = measurements.find(
      (other) => other.cell.row === 'express' && other.cell.connections === connections && other.void === undefined,
    );
    const pairs = rounds.flatMap((round, index) => {
      const other = route?.rounds[index];
      return other === undefined ? [] : [{ round, other }];
    });
    if (pairs.length === 0) return [];
    const limit = row === 'sallyport' ? limits[scenario] : undefined;
    return [
      {
        row,
        scenario,
        connections,
        throughput: median(pairs.map(({ round, other }) => round.callsPerSecond / other.callsPerSecond)),
        processor: median(pairs.map(({ round, other }) => other.serverMicrosPerCall / round.serverMicrosPerCall)),
        ...(limit === undefined ? {} : { limit }),
      },
    ];
  });
}
