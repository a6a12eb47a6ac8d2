import { withCommas } from '../../../terminal/with-commas.ts';
import type { ReportFigures } from '../figures/report-figures.ts';
import { foreign, html, type Markup } from './markup.ts';
import { count, leftOut, tableOf, time } from './parts.ts';

/** Who called what. */
export function callersSection({ callers, decisions, span }: ReportFigures): Markup {
  const { allowed, denied, wouldDeny } = decisions;
  const observed = wouldDeny > 0;
  const table = tableOf({
    id: 'callers',
    caption: 'Decisions by caller and target, most calls first',
    columns: [
      { title: 'Subject' },
      { title: 'Client' },
      { title: 'Target' },
      { title: 'Calls', number: true },
      { title: 'Allowed', number: true },
      { title: 'Denied', number: true },
      ...(observed ? [{ title: 'Would deny', number: true } as const] : []),
      { title: 'First (UTC)' },
      { title: 'Last (UTC)' },
    ],
    rows: callers.rows.map((row) => [
      html`${foreign(row.subject)}<br /><small>${foreign(row.issuer)}</small>`,
      foreign(row.clientId),
      html`${foreign(row.target)} <small>${foreign(row.kind)}</small>`,
      count(row.calls),
      count(row.allowed),
      count(row.denied),
      ...(observed ? [count(row.wouldDeny)] : []),
      time(row.first),
      time(row.last),
    ]),
    total: [
      html`All callers`,
      html``,
      html``,
      count(allowed + denied + wouldDeny),
      count(allowed),
      count(denied),
      ...(observed ? [count(wouldDeny)] : []),
      time(span.first),
      time(span.last),
    ],
    empty: 'no call was decided in this period.',
    note: leftOut(callers, 'combinations of caller and target'),
  });
  return html` <section aria-labelledby="who">
    <h2 id="who">Who called what</h2>
    <p>
      A subject is the <code>sub</code> that its issuer vouches for; the issuer stands below it. An allowed call was
      handed to the server, a denied one was not.
    </p>
    ${table}
  </section>`;
}

/** What the policy denied. */
export function denialsSection({ denials, decisions }: ReportFigures): Markup {
  const table = tableOf({
    id: 'denials',
    caption: 'Denied calls by reason and rule, most first',
    columns: [
      { title: 'Reason' },
      { title: 'Rule' },
      { title: 'Calls', number: true },
      { title: 'Callers', number: true },
      { title: 'First (UTC)' },
      { title: 'Last (UTC)' },
      { title: 'Examples (call ids)' },
    ],
    rows: denials.rows.map((row) => [
      foreign(row.reason),
      foreign(row.rule),
      count(row.calls),
      html`${withCommas(row.subjects)}${row.subjects >= 1000 ? '+' : ''}`,
      time(row.first),
      time(row.last),
      examplesOf(row.examples),
    ]),
    total: [html`All denials`, html``, count(decisions.denied), html``, html``, html``, html``],
    empty: 'the policy denied no call in this period.',
    note: leftOut(denials, 'combinations of reason and rule'),
  });
  return html` <section aria-labelledby="denied">
    <h2 id="denied">Denials</h2>
    <p>
      Calls of authenticated callers that the policy refused. Nothing ran.
      <code>sallyport audit show --call &lt;id&gt;</code> shows everything that is recorded about one.
    </p>
    ${table}
  </section>`;
}

/** What never came to a decision. */
export function refusalsSection(figures: ReportFigures): Markup {
  const { failures, refusals, authFailures, refusedRequests } = figures;
  return html` <section aria-labelledby="failed">
    <h2 id="failed">Authentication failures and refused requests</h2>
    <p>
      What was refused before there was a decision about a call. A flood of anonymous refusals is counted exactly in
      records of several, by network; every other one has a record of its own.
    </p>
    ${refusalTable('failures', 'Authentication failures by reason and source, most first', failures, authFailures)}
    ${refusalTable('refusals', 'Other refused requests by reason and source, most first', refusals, refusedRequests)}
  </section>`;
}

function refusalTable(
  id: string,
  caption: string,
  top: ReportFigures['failures'],
  { single, together }: ReportFigures['authFailures'],
): Markup {
  return tableOf({
    id,
    caption,
    columns: [
      { title: 'Reason' },
      { title: 'Source' },
      { title: 'Count', number: true },
      { title: 'First (UTC)' },
      { title: 'Last (UTC)' },
      { title: 'Examples (call ids)' },
    ],
    rows: top.rows.map((row) => [
      foreign(row.reason),
      foreign(row.source),
      count(row.count),
      time(row.first),
      time(row.last),
      examplesOf(row.examples),
    ]),
    total: [
      html`All`,
      together > 0 ? html`of these ${withCommas(together)} counted together` : html``,
      count(single + together),
      html``,
      html``,
      html``,
    ],
    empty: 'none in this period.',
    note: leftOut(top, 'combinations of reason and source'),
  });
}

function examplesOf(ids: readonly string[]): Markup {
  return html`${ids.map((id, index) => html`${index === 0 ? undefined : html`<br />`}<code>${foreign(id)}</code>`)}`;
}
