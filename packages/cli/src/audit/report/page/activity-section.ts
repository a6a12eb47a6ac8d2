import { withCommas } from '../../../terminal/with-commas.ts';
import { minPeakBuckets, peakFactor, type PeakRule } from '../figures/find-peaks.ts';
import type { ReportFigures } from '../figures/report-figures.ts';
import { html, type Markup } from './markup.ts';
import { count, leftOut, tableOf, time } from './parts.ts';
import { plotOf } from './plot.ts';

const maxPeaks = 50;

/** Calls over time, and what stands out. */
export function activitySection({ activity }: ReportFigures): Markup {
  const { buckets, bucketSeconds, peaks, rules, untimed } = activity;
  if (buckets.length === 0) {
    return html` <section aria-labelledby="peaks">
      <h2 id="peaks">Activity and peaks</h2>
      <p class="empty">No call was received in this period.</p>
    </section>`;
  }
  const size = durationText(bucketSeconds);
  const shown = peaks.slice(0, maxPeaks);
  const table = tableOf({
    id: 'peak-table',
    caption: 'Peaks, in order of time',
    columns: [
      { title: 'From (UTC)' },
      { title: 'Of' },
      { title: 'Count', number: true },
      { title: 'Usual (median)', number: true },
      { title: 'Limit', number: true },
    ],
    rows: shown.map(({ from, of, count: value }) => {
      const rule = rules.find((one) => one.of === of);
      return [
        time(from),
        html`${of}`,
        count(value),
        html`${figure(rule?.median ?? 0)}`,
        html`${figure(rule?.threshold ?? 0)}`,
      ];
    }),
    empty: rules.some(({ threshold }) => threshold !== undefined)
      ? 'none by this rule.'
      : `none marked: fewer than ${minPeakBuckets} buckets with calls say nothing about what is usual.`,
    note: leftOut({ more: peaks.length - shown.length, ungrouped: 0 }, 'peaks'),
  });
  return html` <section aria-labelledby="peaks">
    <h2 id="peaks">Activity and peaks</h2>
    <figure>
      <figcaption>Calls and refusals in buckets of ${size}, in UTC</figcaption>
      ${plotOf(activity)}
      <ul class="legend">
        ${legend('allowed', 'allowed')}${legend('denied', 'denied by the policy')}${legend('refused', 'refused before a decision')}
        <li>
          <svg viewBox="0 0 16 12" aria-hidden="true"><path class="peak" d="M8 11l-5 -9h10z" /></svg>peak
        </li>
        <li>
          <svg viewBox="0 0 16 12" aria-hidden="true"><line class="limit" x1="0" x2="16" y1="6" y2="6" /></svg>limit of
          a peak of all calls
        </li>
      </ul>
    </figure>
    <p class="note">
      Each bar is one bucket of ${size}. A bucket is a peak when its count is above median + ${peakFactor} × MAD of the
      same series; median and MAD (the median of the absolute deviations from the median, at least 1) are taken over the
      buckets with at least one. Two series are looked at: all calls, and everything that was refused (denied, or
      refused before a decision). ${rules.map(ruleText)}A peak is not an incident, and an incident need not be a peak.
    </p>
    ${untimed === 0 ? undefined : html`<p class="strong-warn">${withCommas(untimed)} have no time that can be read and are not in the plot.</p>`}
    ${table}
  </section>`;
}

function ruleText({ of, buckets, median, mad, threshold }: PeakRule): Markup {
  const name = of === 'calls' ? 'All calls' : 'Refusals';
  const usual = `${name}: ${withCommas(buckets)} buckets with at least one, median ${figure(median)}, MAD ${figure(mad)}, `;
  return html`${usual}${threshold === undefined ? 'too few for a limit.' : `limit ${figure(threshold)}.`} `;
}

function legend(name: string, text: string): Markup {
  return html`<li>
    <svg viewBox="0 0 16 12" aria-hidden="true"><rect class="${name}" x="1" y="0" width="14" height="12" /></svg>${text}
  </li> `;
}

/** With one place behind the point where it is no whole number. */
function figure(value: number): string {
  return Number.isInteger(value) ? withCommas(value) : withCommas(Math.round(value * 10) / 10);
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [7 * 86_400, 'week'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** Such as `1 minute`, `15 minutes`, `6 hours`. */
function durationText(seconds: number): string {
  const [size, name] = units.find(([unit]) => seconds % unit === 0) ?? [1, 'second'];
  return seconds === size ? `1 ${name}` : `${seconds / size} ${name}s`;
}
