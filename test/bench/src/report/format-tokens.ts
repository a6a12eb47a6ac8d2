import type { FloodMeasurement, FloodPhase } from '../flood/measure-flood.ts';
import type { CheckMeasurement } from '../token-checks/measure-cases.ts';
import type { TokenChecks } from '../token-checks/run-token-checks.ts';
import { tokenCases, type SubjectName, type TokenCase } from '../token-checks/token-case.ts';
import { compareCases, type CaseComparison } from './compare-cases.ts';
import { formatTable } from './format-table.ts';
import { median, spread } from './statistics.ts';

const subjects: readonly SubjectName[] = ['sallyport', 'official', 'bare'];
/** A million invalid tokens may not leave more than this behind, nor make anybody ask the issuer. */
const floodLimit = { rssGrowthMiB: 20, requests: 0 };

/** What it costs to check tokens, for people. */
export function formatTokens({ cases, flood }: TokenChecks): string {
  return [formatCases(cases), formatFlood(flood)].join('\n\n');
}

function formatCases(cases: readonly CheckMeasurement[]): string {
  const comparisons = new Map(compareCases(cases).map((comparison) => [comparison.case, comparison]));
  const header = ['token', ...subjects.flatMap((subject) => [subject, '±']), 'of bare', 'of official', 'limit', ''];
  const lines = tokenCases.map((tokenCase) => formatCase(tokenCase, cases, comparisons.get(tokenCase.name)));
  const voids = cases.flatMap((item) =>
    item.void === undefined ? [] : [`${item.case} by ${item.subject} is void: ${item.void.slice(0, 200)}`],
  );
  return [
    'CPU µs to check a token, in one process on the core of the server',
    'sallyport: authenticate; official: requireBearerAuth with jose and a remote key set; bare: the signature check of jose',
    formatTable([header, ...lines], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ...voids,
    ...tokenCases.map(({ name, what }) => `${name.padEnd(16)}${what}`),
  ].join('\n');
}

function formatCase({ name }: TokenCase, cases: readonly CheckMeasurement[], comparison?: CaseComparison): string[] {
  const figures = subjects.flatMap((subject) => {
    const found = cases.find((item) => item.case === name && item.subject === subject);
    if (found === undefined) return ['-', ''];
    if (found.void !== undefined) return ['void', ''];
    const times = found.rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall);
    return [median(times).toFixed(1), `${Math.round(spread(times) * 100)} %`];
  });
  const { ofBare, ofOfficial, limit, isWithinLimit } = comparison ?? {};
  return [
    name,
    ...figures,
    formatRatio(ofBare),
    formatRatio(ofOfficial),
    limit === undefined ? '' : 'micros' in limit ? `${limit.micros} µs` : formatRatio(limit.ofBare),
    isWithinLimit === false ? 'over' : '',
  ];
}

function formatRatio(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${ratio.toFixed(2)} ×`;
}

function formatFlood({ phases, tokens, rssGrowthMiB, requests, void: reason }: FloodMeasurement): string {
  if (reason !== undefined) return `Unique invalid tokens: void, ${reason.slice(0, 200)}`;
  const warmUp = phases.filter(({ kind }) => kind === 'warm-up');
  const counted = phases.filter(({ kind }) => kind !== 'warm-up');
  const isOver = rssGrowthMiB > floodLimit.rssGrowthMiB || requests > floodLimit.requests;
  const total = {
    tokens,
    seconds: counted.reduce((sum, { seconds }) => sum + seconds, 0),
    rssGrowthMiB,
    heapGrowthMiB: counted.at(-1)?.heapGrowthMiB ?? NaN,
    requests,
  };
  const limit = ['limit', '', '', String(floodLimit.rssGrowthMiB), '', String(floodLimit.requests)];
  return [
    'Unique invalid tokens, one kind after the other: what the guard holds more than before the first, garbage collected',
    formatTable(
      [
        ['kind', 'tokens', 'seconds', 'RSS MiB', 'heap MiB', 'requests to the issuer', ''],
        ...warmUp.map((phase) => formatPhase('(warm-up)', phase)),
        ...counted.map((phase) => formatPhase(phase.kind, phase)),
        [...formatPhase('together', total), isOver ? 'over' : ''],
        limit,
      ],
      [1, 2, 3, 4, 5],
    ),
  ].join('\n');
}

function formatPhase(name: string, phase: Omit<FloodPhase, 'kind'>): string[] {
  const { tokens, seconds, rssGrowthMiB, heapGrowthMiB, requests } = phase;
  return [
    name,
    String(tokens),
    seconds.toFixed(1),
    rssGrowthMiB.toFixed(1),
    heapGrowthMiB.toFixed(1),
    String(requests),
  ];
}
