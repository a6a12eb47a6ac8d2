import { withCommas } from '../../../terminal/with-commas.ts';
import type { EventRows, ReportFigures } from '../figures/report-figures.ts';
import { foreign, html, type Markup } from './markup.ts';
import { count, leftOut, tableOf, time } from './parts.ts';

/** What happened to the server and to the log itself. */
export function eventsSection({ events }: ReportFigures): Markup {
  const { operation, revocations, gaps, readings, rotations, lost, unfinishedReadings } = events;
  return html` <section aria-labelledby="events">
    <h2 id="events">Administrative events</h2>
    ${eventTable('operation', 'Starts, configuration, keys and retention', operation)}
    ${
      rotations === 0
        ? undefined
        : html`<p class="note">
            Besides, the log went on in a new file ${times(rotations)} because one was full or old enough.
          </p>`
    }
    ${eventTable('revocations', 'Revocations', revocations)} ${eventTable('gaps', 'Gaps the writer declared', gaps)}
    ${lost === 0 ? undefined : html`<p class="strong-bad">These gaps stand for ${withCommas(lost)} records that were lost.</p>`}
    ${eventTable('readings', 'Reading and exporting of the log', readings)}
    <p class="note">
      Reading is recorded when it goes through the command and the log's own config file. Who can read the files needs
      no command for
      it.${
        unfinishedReadings === 0
          ? undefined
          : html` ${withCommas(unfinishedReadings)} more began and ${unfinishedReadings === 1 ? 'has' : 'have'} no
            recorded end; the reading for this report may be among them.`
      }
    </p>
  </section>`;
}

function eventTable(id: string, caption: string, { rows, more }: EventRows): Markup {
  return tableOf({
    id: `events-${id}`,
    caption: more > 0 ? `${caption}, the newest ${rows.length} of ${withCommas(rows.length + more)}` : caption,
    columns: [{ title: 'Time (UTC)' }, { title: 'Event' }, { title: 'Stream and record' }, { title: 'What' }],
    rows: rows.map(({ at, type, stream, seq, what }) => [
      time(at),
      html`<code class="word">${type}</code>`,
      html`${foreign(stream)} ${seq}`,
      foreign(what),
    ]),
    empty: 'none recorded in this period.',
    note: undefined,
  });
}

/** Whether the policy was enforced. */
export function observeSection({ observe }: ReportFigures): Markup {
  const { calls, groups, moreGroups, starts } = observe;
  const statement =
    calls === 0
      ? html`<p>
          Every denial in this period was enforced: no record says that a call ran which the policy
          denies.${
            starts === 0 ? undefined : html` A server was started in observe mode ${times(starts)} nevertheless.`
          }
        </p>`
      : html`<p class="strong-warn">
            ${withCommas(calls)} ${calls === 1 ? 'call' : 'calls'} ran that the policy denies, because a server ran in
            observe mode.
          </p>
          <p>
            Such calls are counted apart from what was allowed and what was
            denied.${
              starts === 0 ? undefined : html` A server was started in observe mode ${times(starts)} in this period.`
            }
          </p>`;
  const table = tableOf({
    id: 'observe-table',
    caption: 'Calls that enforcing would deny, most first',
    columns: [
      { title: 'Subject' },
      { title: 'Client' },
      { title: 'Rule' },
      { title: 'Reason' },
      { title: 'Missing scopes' },
      { title: 'Calls', number: true },
      { title: 'Last (UTC)' },
    ],
    rows: groups.map(({ subject, clientId, rule, reason, missingScopes, calls: number, last }) => [
      foreign(subject),
      foreign(clientId),
      foreign(rule),
      foreign(reason),
      foreign(missingScopes.join(' ')),
      count(number),
      time(last),
    ]),
    empty: 'none.',
    note: leftOut({ more: moreGroups, ungrouped: 0 }, 'groups'),
  });
  return html` <section aria-labelledby="observe">
    <h2 id="observe">Observe mode</h2>
    ${statement} ${calls === 0 ? undefined : table}
  </section>`;
}

function times(number: number): string {
  return number === 1 ? 'once' : `${withCommas(number)} times`;
}
