import { documentCases } from '../documents/document-case.ts';
import type { DocumentMeasurement, DocumentRound } from '../documents/measure-documents.ts';
import { documentTools } from '../documents/run-document-checks.ts';
import { formatTable } from './format-table.ts';
import { median } from './statistics.ts';

/**
 * What it costs to ask for the published card, for people, with the limits beside the figures. They are for one connection: with more,
 * every request waits for the others on one core, and the figure says how many there are.
 */
export function formatDocuments(measurements: readonly DocumentMeasurement[]): string {
  const title = `the published card of ${documentTools} tools`;
  const header = [title, 'asked', 'conns', 'calls/s', 'CPU µs/call', 'p50 µs', 'p99 µs', 'limit', ''];
  const lines = measurements.map((measurement) => {
    const { server, connections, rounds, void: reason } = measurement;
    const name = [server, measurement.case, String(connections)];
    if (reason !== undefined) return [...name, 'void', '', '', '', '', reason.slice(0, 200)];
    const of = (field: keyof DocumentRound): number => Math.round(median(rounds.map((round) => round[field])));
    const limit = server === 'sallyport' && connections === 1 ? limitOf(measurement) : undefined;
    const p99 = of('p99Micros');
    return [
      ...name,
      String(of('callsPerSecond')),
      String(of('serverMicrosPerCall')),
      String(of('p50Micros')),
      String(p99),
      limit === undefined ? '' : String(limit),
      limit !== undefined && p99 > limit ? 'over' : '',
    ];
  });
  return [
    formatTable([header, ...lines], [2, 3, 4, 5, 6, 7]),
    ...documentCases.map(({ name, what }) => `${name.padEnd(10)}${what}`),
  ].join('\n');
}

function limitOf(measurement: DocumentMeasurement): number | undefined {
  return documentCases.find(({ name }) => name === measurement.case)?.limitMicros;
}
