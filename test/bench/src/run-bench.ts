import { describeFileSystem } from './machine/file-system.ts';
import { choosePinning } from './machine/pinning.ts';
import { describeMachine } from './machine/describe-machine.ts';
import { measure } from './measure.ts';
import type { Options } from './options.ts';
import { planCells } from './plan/cell.ts';
import { startServers } from './processes/servers.ts';
import { startChild } from './processes/start-child.ts';
import { findShares } from './report/find-shares.ts';
import type { Report } from './report/report.ts';
import { startIssuer } from './tokens/issuer.ts';
import { createSigningKey } from './tokens/signing-key.ts';

/** Starts everything, measures, and stops everything, whatever happens in between. */
export async function runBench(options: Options, directory: string): Promise<Report> {
  const machine = describeMachine();
  const pinning = choosePinning();
  const fileSystem = await describeFileSystem(directory);
  const cells = planCells(options);
  const key = createSigningKey();
  const issuer = await startIssuer(key.jwks);
  try {
    const servers = await startServers({ cells, issuer, directory, pinning: pinning.server });
    const load = startChild('../load/main.js', [], pinning.load);
    try {
      const measurements = await measure({
        cells,
        servers,
        load,
        issuer: issuer.issuer,
        privatePem: key.privatePem,
        rounds: options.rounds,
        roundMs: options.roundMs,
        onRound: (round) => say(round === 0 ? 'warming up' : `round ${round} of ${options.rounds}`),
      });
      return {
        at: new Date().toISOString(),
        machine,
        pinning: pinning.description,
        fileSystem,
        rounds: options.rounds,
        roundMs: options.roundMs,
        measurements,
        shares: findShares(measurements),
      };
    } finally {
      await load.stop();
      await servers.stop();
    }
  } finally {
    await issuer.close();
  }
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
