import { withCommas } from '../../../terminal/with-commas.ts';
import type { ReportFigures } from '../figures/report-figures.ts';
import type { Activity, TimeBucket } from '../figures/time-buckets.ts';
import { html, type Markup } from './markup.ts';

const width = 1000;
const height = 300;
const left = 64;
const top = 18;
const bottom = 262;
const right = 990;

const stacked: readonly Activity[] = ['allowed', 'denied', 'refused'];

/** Calls over time as stacked bars, with the limit of a peak and a mark on every peak. */
export function plotOf({ buckets, peaks, rules }: ReportFigures['activity']): Markup {
  const limit = rules.find(({ of }) => of === 'calls')?.threshold;
  const most = Math.max(1, ...buckets.map(sumOf));
  const step = niceStep(most);
  const ceiling = Math.ceil(most / step) * step;
  const y = (count: number): number => round(bottom - (count / ceiling) * (bottom - top));
  const slot = (right - left) / Math.max(1, buckets.length);
  const x = (index: number): number => round(left + index * slot);
  const marked = new Set(peaks.map(({ from }) => from));
  const barWidth = round(Math.max(1, Math.min(48, slot * 0.86)));
  const inset = round((slot - barWidth) / 2);
  return html` <svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plot-title plot-text">
    <title id="plot-title">Calls over time</title>
    <desc id="plot-text">${description(buckets, peaks.length)}</desc>
    ${steps(ceiling, step).map(
      (count) =>
        html`<line class="grid" x1="${left}" x2="${right}" y1="${y(count)}" y2="${y(count)}" /><text
            x="${left - 8}"
            y="${y(count) + 4}"
            text-anchor="end"
            >${withCommas(count)}</text
          > `,
    )}${buckets.map((bucket, index) => bar(bucket, round(x(index) + inset), { barWidth, y, marked: marked.has(bucket.from) }))}${
      limit === undefined || limit > ceiling
        ? undefined
        : html`<line class="limit" x1="${left}" x2="${right}" y1="${y(limit)}" y2="${y(limit)}" />`
    }
    <line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" />
    ${timeLabels(buckets).map(
      ({ index, text, anchor }) =>
        html`<text x="${round(x(index) + slot / 2)}" y="${bottom + 20}" text-anchor="${anchor}">${text}</text> `,
    )}
  </svg>`;
}

interface BarOptions {
  readonly barWidth: number;
  readonly y: (count: number) => number;
  readonly marked: boolean;
}

function bar(bucket: TimeBucket, x: number, { barWidth, y, marked }: BarOptions): Markup | undefined {
  const sum = sumOf(bucket);
  if (sum === 0) return undefined;
  let below = 0;
  const parts = stacked.map((activity) => {
    const from = below;
    below += bucket[activity];
    if (bucket[activity] === 0) return undefined;
    const [high, low] = [y(below), y(from)];
    return html`<rect class="${activity}" x="${x}" y="${high}" width="${barWidth}" height="${round(low - high)}" />`;
  });
  const middle = round(x + barWidth / 2);
  const tip = y(sum) - 3;
  const mark = marked ? html`<path class="peak" d="M${middle} ${tip}l-5 -9h10z" />` : undefined;
  return html`<g><title>${titleOf(bucket)}</title>${parts}${mark}</g> `;
}

function titleOf({ from, allowed, denied, refused }: TimeBucket): string {
  const when = from.slice(0, 19).replace('T', ' ');
  return `${when}: ${withCommas(allowed)} allowed, ${withCommas(denied)} denied, ${withCommas(refused)} refused`;
}

function description(buckets: readonly TimeBucket[], peaks: number): string {
  const [first, last] = [buckets[0]?.from ?? '', buckets.at(-1)?.from ?? ''];
  const found = peaks === 0 ? 'No peak is marked.' : `Peaks are marked; the table below lists them.`;
  return `Stacked bars of allowed, denied and refused calls from ${first} to ${last}. ${found}`;
}

interface TimeLabel {
  readonly index: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** At most seven, evenly; the day alone when the plot is longer than some days. */
function timeLabels(buckets: readonly TimeBucket[]): TimeLabel[] {
  const last = buckets.length - 1;
  const labels = Math.min(buckets.length, 7);
  const days = new Set(buckets.map(({ from }) => from.slice(0, 10))).size;
  return Array.from({ length: labels }, (_, label) => {
    const index = labels === 1 ? 0 : Math.round((label / (labels - 1)) * last);
    const from = buckets[index]?.from ?? '';
    const clock = from.endsWith(':00.000Z') ? from.slice(11, 16) : from.slice(11, 19);
    const text = days > 6 ? from.slice(0, 10) : days > 1 ? `${from.slice(5, 10)} ${clock}` : clock;
    const anchor = label === 0 && labels > 1 ? 'start' : label === labels - 1 && labels > 1 ? 'end' : 'middle';
    return { index, text, anchor };
  });
}

function steps(ceiling: number, step: number): number[] {
  return Array.from({ length: Math.round(ceiling / step) + 1 }, (_, index) => index * step);
}

/** 1, 2 or 5 times a power of ten, so that there are at most six lines. */
function niceStep(most: number): number {
  const rough = most / 5;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(rough)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? power;
}

function sumOf({ allowed, denied, refused }: TimeBucket): number {
  return allowed + denied + refused;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
