import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../processes/start-child.ts';
import type { VerifyReady, VerifyResult } from './protocol.ts';

export interface RunVerifyOptions {
  /** Where the log is written. */
  readonly directory: string;
  /** Calls in the log; each has two records. */
  readonly calls: number;
  readonly rounds: number;
  /** What starts a program on one core. */
  readonly pinning: readonly string[];
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

export interface VerifyMeasurement {
  readonly rounds: readonly VerifyResult[];
  /** Why the figures are worth nothing. */
  readonly void?: string;
}

/** How fast `audit verify` reads a log: one round warms up, the others count. */
export async function runVerify(options: RunVerifyOptions): Promise<VerifyMeasurement> {
  const { calls, rounds, pinning, say } = options;
  const directory = await mkdtemp(join(options.directory, 'verify-'));
  const child = startChild('../verify/main.js', [directory, String(calls)], pinning);
  try {
    say(`verify: writing ${calls * 2} records`);
    await child.next<VerifyReady>();
    const results: VerifyResult[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      say(round === 0 ? 'verify: warming up' : `verify: round ${round} of ${rounds}`);
      const result = await child.ask<VerifyResult>({ type: 'verify' });
      if (result.wrong !== undefined) return { rounds: [], void: result.wrong };
      if (round > 0) results.push(result);
    }
    return { rounds: results };
  } finally {
    await child.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
