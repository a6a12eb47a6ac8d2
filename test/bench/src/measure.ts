import type { LoadOrder, LoadResult } from './load/protocol.ts';
import { serverKey, type Cell } from './plan/cell.ts';
import { listedTools, shownTools } from './server/call.ts';
import type { Servers } from './processes/servers.ts';
import type { Child } from './processes/start-child.ts';
import type { Measurement, Round } from './report/measurement.ts';

export interface MeasureOptions {
  readonly cells: readonly Cell[];
  readonly servers: Servers;
  readonly load: Child;
  readonly issuer: string;
  readonly privatePem: string;
  readonly rounds: number;
  readonly roundMs: number;
  /** Told before each round, for people who wait. */
  onRound(round: number): void;
}

/** More calls than any server answers in a second; tokens that must be distinct are signed before, so fewer of them. */
const maxCallsPerSecond = { repeated: 100_000, distinct: 8_000 };

/** The SDK needs some thousand calls until the engine has optimised it; a slow server gets as far as the time allows. */
const warmUp = { maxCalls: 4000, durationMs: 6000 };

/**
 * Measures every cell once in a round, and the rounds one after another, so that whatever else the machine does meets
 * all cells alike. Every second round goes backwards. Before the first, each server is warmed up, and a whole round is
 * made that does not count.
 */
export async function measure(options: MeasureOptions): Promise<Measurement[]> {
  const rounds = new Map<Cell, Round[]>(options.cells.map((cell) => [cell, []]));
  const voided = new Map<Cell, string>();
  options.onRound(0);
  const servers = new Map(options.cells.map((cell) => [serverKey(cell), { ...cell, scenario: 'call' } as const]));
  for (const cell of servers.values()) await measureOnce(cell, warmUp, options);

  for (let number = 0; number <= options.rounds; number += 1) {
    if (number > 0) options.onRound(number);
    const order = number % 2 === 0 ? options.cells : options.cells.toReversed();
    for (const cell of order) {
      if (voided.has(cell)) continue;
      const round = await measureOnce(cell, boundsOf(cell, options.roundMs), options);
      if (typeof round === 'string') voided.set(cell, round);
      else if (number > 0) rounds.get(cell)?.push(round);
    }
  }
  return options.cells.map((cell) => {
    const reason = voided.get(cell);
    return { cell, rounds: rounds.get(cell) ?? [], ...(reason === undefined ? {} : { void: reason }) };
  });
}

type Bounds = Pick<LoadOrder, 'durationMs' | 'maxCalls'>;

function boundsOf(cell: Cell, durationMs: number): Bounds {
  const perSecond = cell.scenario === 'call-distinct' ? maxCallsPerSecond.distinct : maxCallsPerSecond.repeated;
  return { durationMs, maxCalls: Math.ceil((perSecond * durationMs) / 1000) };
}

async function measureOnce(cell: Cell, bounds: Bounds, options: MeasureOptions): Promise<Round | string> {
  const server = options.servers.of(cell);
  const order: LoadOrder = {
    ...bounds,
    origin: server.origin,
    scenario: cell.scenario,
    connections: cell.connections,
    listed: cell.row === 'sallyport' ? shownTools : listedTools,
    issuer: options.issuer,
    privatePem: options.privatePem,
  };
  const before = await server.cpuMicros();
  const result = await options.load.ask<LoadResult>(order);
  const after = await server.cpuMicros();
  if (result.wrong !== undefined) return result.wrong;
  return {
    calls: result.calls,
    callsPerSecond: (result.calls / result.elapsedMs) * 1000,
    serverMicrosPerCall: (after - before) / result.calls,
    p50Micros: result.p50Micros,
    p99Micros: result.p99Micros,
    generatorBusy: result.cpuMicros / 1000 / result.elapsedMs,
  };
}
