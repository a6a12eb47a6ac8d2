import type { Scenario } from '../plan/scenario.ts';

/** What the load generator is told to do. */
export interface LoadOrder {
  readonly origin: string;
  readonly scenario: Scenario;
  readonly connections: number;
  /** With `list`: how many tools the answer must hold. */
  readonly listed: number;
  /** The load ends after this time or after `maxCalls`, whichever comes first. */
  readonly durationMs: number;
  readonly maxCalls: number;
  readonly issuer: string;
  readonly privatePem: string;
}

/** What the load generator saw. */
export interface LoadResult {
  readonly calls: number;
  readonly elapsedMs: number;
  /** Processor time the generator itself used. Near `elapsedMs` it was the limit, not the server. */
  readonly cpuMicros: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** The first answer that was not the right one. */
  readonly wrong?: string;
}
