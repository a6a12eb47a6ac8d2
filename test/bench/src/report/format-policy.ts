import type { PolicyChecks, PolicyMeasurement } from '../policy/run-policy-checks.ts';
import { growthLimit, policyCases, policySpans, spanName, type PolicyCase } from '../policy/policy-case.ts';
import { listedTools, shownTools } from '../server/call.ts';
import { findListShare, listLimit } from './find-list-share.ts';
import { formatTable } from './format-table.ts';
import type { Measurement } from './measurement.ts';
import { median, spread } from './statistics.ts';

/** What it costs to decide and to filter a list, for people, with the limits beside the figures. */
export function formatPolicy(checks: PolicyChecks, measurements: readonly Measurement[]): string {
  const spans = policySpans.flatMap((span) => [spanName(span), '±']);
  const header = ['decision', ...spans, 'limit', '10 to 10000', 'limit', ''];
  const lines = policyCases.map((policyCase) => formatCase(policyCase, checks));
  const voids = checks.decisions.flatMap((item) =>
    item.void === undefined ? [] : [`${item.case} with ${spanName(item.span)} is void: ${item.void.slice(0, 200)}`],
  );
  return [
    'CPU µs to decide a call, in one process on the core of the server: calls of ten tools in turn, and of a thousand',
    formatTable([header, ...lines], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ...voids,
    ...policyCases.map(({ name, what }) => `${name.padEnd(17)}${what}`),
    '',
    ...formatLists(checks, measurements),
  ].join('\n');
}

function formatCase({ name, limitMicros }: PolicyCase, { decisions }: PolicyChecks): string[] {
  const times = policySpans.map((span) => timesOf(decisions.find((item) => item.case === name && item.span === span)));
  const [few = [], , many = []] = times;
  const growth = median(many) - median(few);
  const isOver = times.some((list) => median(list) > limitMicros) || growth > growthLimit * limitMicros;
  return [
    name,
    ...times.flatMap((list) =>
      list.length === 0 ? ['void', ''] : [median(list).toFixed(2), `${Math.round(spread(list) * 100)} %`],
    ),
    `${limitMicros} µs`,
    `${growth < 0 ? '−' : '+'}${Math.abs(growth).toFixed(2)}`,
    `+${(growthLimit * limitMicros).toFixed(1)} µs`,
    isOver ? 'over' : '',
  ];
}

/** The filter alone, which has a limit, and the whole walk over HTTP, which has none of its own. */
function formatLists({ lists }: PolicyChecks, measurements: readonly Measurement[]): readonly string[] {
  const alone = findListShare(
    timesOf(lists.find(({ list }) => list === 'served')),
    timesOf(lists.find(({ list }) => list === 'filtered')),
  );
  const walk = (row: string): readonly number[] => {
    const found = measurements.find(({ cell }) => cell.row === row && cell.scenario === 'list');
    return found === undefined || found.void !== undefined
      ? []
      : found.rounds.map((round) => round.serverMicrosPerCall);
  };
  const whole = findListShare(walk('sdk'), walk('sallyport'));
  const percent = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)} %`;
  const row = (name: string, share: typeof alone, limit: string): string[] =>
    share === undefined
      ? [name, 'void', '', '', limit, '']
      : [
          name,
          String(Math.round(share.served)),
          String(Math.round(share.filtered)),
          percent(share.more),
          limit,
          limit !== '' && share.more > listLimit ? 'over' : '',
        ];
  const header = [
    `a list of ${listedTools} tools, ${shownTools} of them shown: CPU µs`,
    'served',
    'filtered',
    'more',
    'limit',
    '',
  ];
  return [
    formatTable(
      [
        header,
        row('the SDK handler, and the filter behind it', alone, percent(listLimit)),
        row('over HTTP, with the whole walk and its two records', whole, ''),
      ],
      [1, 2, 3, 4],
    ),
  ];
}

function timesOf(measurement: PolicyMeasurement | undefined): readonly number[] {
  return measurement === undefined || measurement.void !== undefined
    ? []
    : measurement.rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall);
}
