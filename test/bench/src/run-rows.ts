import type { Pinning } from './machine/pinning.ts';
import { measure } from './measure.ts';
import type { Options } from './options.ts';
import { planCells } from './plan/cell.ts';
import { startServers } from './processes/servers.ts';
import { startChild } from './processes/start-child.ts';
import type { Measurement } from './report/measurement.ts';
import { startIssuer } from './tokens/issuer.ts';
import { createSigningKey } from './tokens/signing-key.ts';

export interface RunRowsOptions extends Options {
  /** Each server gets a folder in it. */
  readonly serverDirectory: string;
  readonly pinning: Pinning;
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

/** Starts the servers of all rows, measures them and stops them. */
export async function runRows(options: RunRowsOptions): Promise<Measurement[]> {
  const { pinning, rounds, roundMs, serverDirectory: directory, say } = options;
  const cells = planCells({ ...options, lists: options.policy });
  if (cells.length === 0) return [];
  const key = createSigningKey();
  const issuer = await startIssuer(key.jwks);
  try {
    const servers = await startServers({ cells, issuer, directory, pinning: pinning.server });
    const load = startChild('../load/main.js', [], pinning.load);
    try {
      return await measure({
        cells,
        servers,
        load,
        issuer: issuer.issuer,
        privatePem: key.privatePem,
        rounds,
        roundMs,
        onRound: (round) => say(round === 0 ? 'warming up' : `round ${round} of ${rounds}`),
      });
    } finally {
      await load.stop();
      await servers.stop();
    }
  } finally {
    await issuer.close();
  }
}
