import { createHash } from 'node:crypto';
import { withCommas } from '../../../terminal/with-commas.ts';
import type { AuditReport } from '../report-model.ts';
import { activitySection } from './activity-section.ts';
import { callersSection, denialsSection, refusalsSection } from './call-sections.ts';
import { eventsSection, observeSection } from './event-sections.ts';
import { integritySection } from './integrity-section.ts';
import { foreign, html, Markup } from './markup.ts';
import { factsOf, time } from './parts.ts';
import { style } from './style.ts';
import { verdictBanner } from './verdict.ts';

/** Not a template: a formatter that indents it would change what the hash below is of. */
const styleElement = new Markup(`<style>${style}</style>`);

/** Nothing is loaded, nothing runs, nothing is sent; of styles only the one of the page. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contents: readonly (readonly [id: string, title: string])[] = [
  ['summary', 'Summary'],
  ['who', 'Who called what'],
  ['denied', 'Denials'],
  ['failed', 'Authentication failures and refused requests'],
  ['peaks', 'Activity and peaks'],
  ['events', 'Administrative events'],
  ['observe', 'Observe mode'],
  ['integrity', 'Completeness and integrity statement'],
];

/** The report as one HTML page that needs no network and no script. */
export function renderReport(report: AuditReport): string {
  const { title, figures } = report;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <div class="page">
          ${headerOf(report)}
          <main id="main">
            ${verdictBanner(report)}
            <nav aria-label="Contents">
              <ol>
                ${contents.map(([id, text]) => html`<li><a href="#${id}">${text}</a></li> `)}
              </ol>
            </nav>
            ${summaryOf(report)}${callersSection(figures)}${denialsSection(figures)}${refusalsSection(figures)}${activitySection(figures)}${eventsSection(figures)}${observeSection(figures)}${integritySection(report)}
          </main>
          <footer>
            Made by ${report.madeWith} from the audit log alone. This page holds who called what: handle it as the log
            itself.
          </footer>
        </div>
      </body>
    </html> `;
  return page.text;
}

function headerOf(report: AuditReport): Markup {
  const { title, madeAt, madeBy, madeWith, origins, directory, asked, figures } = report;
  const { since, until, stream } = asked;
  return html`<header>
    <p class="kind">Audit report</p>
    <h1>${foreign(title)}</h1>
    ${factsOf([
      ['Log', html`${origins.length === 0 ? html`unsigned` : origins.map((origin) => html`${foreign(origin)}<br />`)}`],
      ['Directory', foreign(directory)],
      [
        'Asked for',
        html`${since === undefined ? 'the beginning' : time(since)} to ${until === undefined ? 'the end' : time(until)}`,
      ],
      ['Records', html`${time(figures.span.first)} to ${time(figures.span.last)} UTC`],
      ['Stream', stream === undefined ? undefined : foreign(stream)],
      ['Made', html`${time(madeAt)} UTC`],
      ['By', html`${foreign(madeBy.user)} on ${foreign(madeBy.host)}`],
      ['With', html`${madeWith}`],
    ])}
  </header>`;
}

function summaryOf({ figures, read, verification }: AuditReport): Markup {
  const { decisions, authFailures, refusedRequests, outcomes, open, subjects, targets, atLeast, events } = figures;
  const ran = decisions.allowed + decisions.wouldDeny;
  const tiles: readonly (readonly [string, number, string?])[] = [
    ['records', figures.records],
    ['calls decided', ran + decisions.denied],
    ['allowed', decisions.allowed],
    ['denied', decisions.denied],
    ...(decisions.wouldDeny > 0 ? [['ran, enforcing would deny', decisions.wouldDeny] as const] : []),
    ['authentication failures', authFailures.single + authFailures.together],
    ['refused requests', refusedRequests.single + refusedRequests.together],
    ['callers', subjects, atLeast ? '+' : ''],
    ['targets', targets, atLeast ? '+' : ''],
    ['records declared lost', events.lost],
  ];
  const ends = Object.entries(outcomes).map(([status, number]) => `${status} ${withCommas(number)}`);
  const grown = read === verification.records ? 0 : read - verification.records;
  return html` <section aria-labelledby="summary">
    <h2 id="summary">Summary</h2>
    <ul class="tiles">
      ${tiles.map(([name, value, more]) => html`<li><b>${withCommas(value)}${more ?? ''}</b><span>${name}</span></li> `)}
    </ul>
    <p>
      Of ${withCommas(ran)} calls that ran:
      ${ends.length === 0 ? 'no end is recorded' : ends.join(', ')}${
        open === 0 ? '' : `, ${withCommas(open)} without a recorded end`
      }.
    </p>
    ${grown === 0 ? undefined : html`<p class="strong-warn">${grownText(grown)}</p>`}
  </section>`;
}

/** The log was read once for the figures and once to verify it. */
function grownText(records: number): string {
  return records > 0
    ? `${withCommas(records)} of the records that were read are not among those that were verified: the log was being written, or they do not belong to it.`
    : `${withCommas(-records)} of the records that were verified are not among those that were read for the figures: the log was being written, or could not be read in full.`;
}
