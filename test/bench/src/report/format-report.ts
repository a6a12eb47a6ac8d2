import { rows } from '../plan/row.ts';
import { formatAnalyst } from './format-analyst.ts';
import { formatAppends } from './format-appends.ts';
import { formatDocuments } from './format-documents.ts';
import { formatPolicy } from './format-policy.ts';
import type { RefusalShare } from './find-refusal-shares.ts';
import type { Share } from './find-shares.ts';
import { formatTable } from './format-table.ts';
import { formatTelemetry } from './format-telemetry.ts';
import { formatTokens } from './format-tokens.ts';
import { formatVerify } from './format-verify.ts';
import type { Measurement } from './measurement.ts';
import type { Report } from './report.ts';
import { median, spread } from './statistics.ts';

/** Above this the load generator had hardly any time left, so the figure says little about the server. */
const generatorLimit = 0.95;

/** Above this load average, other programs compete with the bench. */
const busyLoad = 0.5;

/** The report for people. */
export function formatReport(report: Report): string {
  const { measurements, shares, refusalShares, policy, documents, tokens, audit, verify, telemetry, analyst } = report;
  const parts = [formatHeader(report)];
  if (measurements.length > 0) parts.push(formatMeasurements(measurements), formatShares(shares));
  if (refusalShares.length > 0) parts.push(formatRefusalShares(refusalShares));
  if (policy !== undefined) parts.push(formatPolicy(policy, measurements));
  if (documents !== undefined) parts.push(formatDocuments(documents));
  if (tokens !== undefined) parts.push(formatTokens(tokens));
  if (audit !== undefined) parts.push(formatAppends(audit));
  if (verify !== undefined) parts.push(formatVerify(verify));
  if (telemetry !== undefined) parts.push(formatTelemetry(telemetry));
  if (analyst !== undefined) parts.push(formatAnalyst(analyst));
  return parts.join('\n\n');
}

function formatHeader({ machine, pinning, fileSystem, rounds, roundMs }: Report): string {
  const packages = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `machine   ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `node      ${machine.node}`,
    `packages  ${packages.join(', ')}`,
    `load      ${machine.load.toFixed(1)} at the start${machine.load > busyLoad ? ': this machine has other work, do not trust the figures' : ''}`,
    `cores     ${pinning}`,
    `audit     ${fileSystem.type} on ${fileSystem.device}, fdatasync ${fileSystem.syncMicros} µs (${fileSystem.directory})`,
    `rounds    ${rounds} of ${roundMs} ms for each figure, interleaved; median, and ± half the range`,
    ...rows.map(({ name, what }) => `${name.padEnd(10)}${what}`),
  ].join('\n');
}

function formatMeasurements(measurements: readonly Measurement[]): string {
  const header = ['row', 'asked', 'tools', 'conns', 'calls/s', '±', 'CPU µs/call', 'p50 µs', 'p99 µs', ''];
  let isGeneratorBound = false;
  const lines = measurements.map(({ cell, rounds, void: reason }) => {
    const name = [cell.row, cell.scenario, cell.tools === 0 ? '-' : String(cell.tools), String(cell.connections)];
    if (reason !== undefined) return [...name, 'void', '', '', '', '', reason.slice(0, 200)];
    const of = (field: 'callsPerSecond' | 'serverMicrosPerCall' | 'p50Micros' | 'p99Micros'): string =>
      String(Math.round(median(rounds.map((round) => round[field]))));
    const bound = median(rounds.map((round) => round.generatorBusy)) > generatorLimit;
    isGeneratorBound ||= bound;
    const range = `${Math.round(spread(rounds.map((round) => round.callsPerSecond)) * 100)} %`;
    return [
      ...name,
      of('callsPerSecond'),
      range,
      of('serverMicrosPerCall'),
      of('p50Micros'),
      of('p99Micros'),
      bound ? '*' : '',
    ];
  });
  const note = isGeneratorBound ? '\n* the load generator was the limit: look at the processor time of the server' : '';
  return formatTable([header, ...lines], [2, 3, 4, 5, 6, 7, 8]) + note;
}

function formatShares(shares: readonly Share[]): string {
  if (shares.length === 0) return 'Left of the bare SDK handler: not measured (needs the row sdk and a guarded one)';
  const header = ['left of the bare SDK handler', 'asked', 'tools', 'conns', 'throughput', 'processor'];
  const lines = shares.map(({ row, scenario, tools, connections, throughput, processor }) => [
    row,
    scenario,
    String(tools),
    String(connections),
    percent(throughput),
    percent(processor),
  ]);
  return formatTable([header, ...lines], [2, 3, 4, 5]) + formatConclusion(shares);
}

/** The one figure that matters, in words. */
function formatConclusion(shares: readonly Share[]): string {
  const connections = Math.max(...shares.map((share) => share.connections));
  const left = shares
    .filter((share) => share.row === 'sallyport' && share.scenario === 'call' && share.connections === connections)
    .map(({ tools, throughput }) => `${Math.round(throughput * 100)} % with ${tools} tool${tools === 1 ? '' : 's'}`);
  return left.length === 0
    ? ''
    : `\n\nOf the bare handler's throughput, with everything on, is left: ${left.join(', ')}.`;
}

function formatRefusalShares(shares: readonly RefusalShare[]): string {
  const header = ['refusals, of the Express route', 'asked', 'conns', 'throughput', 'processor', 'at least', ''];
  const lines = shares.map(({ row, scenario, connections, throughput, processor, limit }) => [
    row,
    scenario,
    String(connections),
    percent(throughput),
    percent(processor),
    limit === undefined ? '' : percent(limit),
    limit !== undefined && throughput < limit ? 'under' : '',
  ]);
  return formatTable([header, ...lines], [2, 3, 4, 5]);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
