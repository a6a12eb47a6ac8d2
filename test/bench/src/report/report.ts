import type { AnalystMeasurement } from '../analyst/run-analyst.ts';
import type { AppendsMeasurement } from '../appends/run-appends.ts';
import type { DocumentMeasurement } from '../documents/measure-documents.ts';
import type { FileSystem } from '../machine/file-system.ts';
import type { Machine } from '../machine/describe-machine.ts';
import type { PolicyChecks } from '../policy/run-policy-checks.ts';
import type { TokenChecks } from '../token-checks/run-token-checks.ts';
import type { TelemetryMeasurement } from '../telemetry/run-telemetry.ts';
import type { VerifyMeasurement } from '../verify/run-verify.ts';
import type { CaseComparison } from './compare-cases.ts';
import type { RefusalShare } from './find-refusal-shares.ts';
import type { Share } from './find-shares.ts';
import type { Measurement } from './measurement.ts';

/** Everything a run found out; written as it is for machines. */
export interface Report {
  readonly at: string;
  readonly machine: Machine;
  readonly pinning: string;
  readonly fileSystem: FileSystem;
  readonly rounds: number;
  readonly roundMs: number;
  readonly measurements: readonly Measurement[];
  readonly shares: readonly Share[];
  readonly refusalShares: readonly RefusalShare[];
  /** What it costs to decide and to filter a list; absent when that was not asked for. */
  readonly policy?: PolicyChecks;
  /** What it costs to ask for the published card; absent when that was not asked for. */
  readonly documents?: readonly DocumentMeasurement[];
  /** What it costs to check tokens; absent when that was not asked for. */
  readonly tokens?: TokenChecks & { readonly comparisons: readonly CaseComparison[] };
  /** How fast records of an audit log become durable; absent when that was not asked for. */
  readonly audit?: AppendsMeasurement;
  /** How fast an audit log is verified; absent when that was not asked for. */
  readonly verify?: VerifyMeasurement;
  /** What it costs to observe calls; absent when that was not asked for. */
  readonly telemetry?: readonly TelemetryMeasurement[];
  /** How long the commands of the analyst take; absent when that was not asked for. */
  readonly analyst?: readonly AnalystMeasurement[];
}
