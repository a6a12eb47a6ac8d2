import { runAnalyst } from './analyst/run-analyst.ts';
import { runAppends } from './appends/run-appends.ts';
import { runDocumentChecks } from './documents/run-document-checks.ts';
import { describeFileSystem } from './machine/file-system.ts';
import { choosePinning } from './machine/pinning.ts';
import { describeMachine } from './machine/describe-machine.ts';
import type { Options } from './options.ts';
import { compareCases } from './report/compare-cases.ts';
import { findRefusalShares } from './report/find-refusal-shares.ts';
import { findShares } from './report/find-shares.ts';
import { runPolicyChecks } from './policy/run-policy-checks.ts';
import type { Report } from './report/report.ts';
import { runRows } from './run-rows.ts';
import { runTokenChecks } from './token-checks/run-token-checks.ts';
import { runTelemetry } from './telemetry/run-telemetry.ts';
import { runVerify } from './verify/run-verify.ts';

/** Starts everything, measures, and stops everything, whatever happens in between. */
export async function runBench(options: Options, directory: string): Promise<Report> {
  const machine = describeMachine();
  const pinning = choosePinning();
  const fileSystem = await describeFileSystem(directory);
  const measurements = await runRows({ ...options, serverDirectory: directory, pinning, say });
  const tokens = options.tokens ? await runTokenChecks({ ...options, pinning: pinning.server, say }) : undefined;
  const policy = options.policy ? await runPolicyChecks({ ...options, pinning: pinning.server, say }) : undefined;
  const documents = options.card ? await runDocumentChecks({ ...options, directory, pinning, say }) : undefined;
  const { verifyCalls: calls, rounds } = options;
  const verify = options.verify
    ? await runVerify({ directory, calls, rounds, pinning: pinning.server, say })
    : undefined;
  const { roundMs } = options;
  const audit = options.audit ? await runAppends({ directory, rounds, roundMs, say }) : undefined;
  const telemetry = options.telemetry ? await runTelemetry({ ...options, pinning: pinning.server, say }) : undefined;
  const { analystRecords: records } = options;
  const analyst = options.analyst ? await runAnalyst({ directory, records, rounds, say }) : undefined;
  return {
    at: new Date().toISOString(),
    machine,
    pinning: pinning.description,
    fileSystem,
    rounds: options.rounds,
    roundMs: options.roundMs,
    measurements,
    shares: findShares(measurements),
    refusalShares: findRefusalShares(measurements),
    ...(policy === undefined ? {} : { policy }),
    ...(documents === undefined ? {} : { documents }),
    ...(tokens === undefined ? {} : { tokens: { ...tokens, comparisons: compareCases(tokens.cases) } }),
    ...(audit === undefined ? {} : { audit }),
    ...(verify === undefined ? {} : { verify }),
    ...(telemetry === undefined ? {} : { telemetry }),
    ...(analyst === undefined ? {} : { analyst }),
  };
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
