import type { VerifyFinding, VerifyStream } from '@sallyport/audit';
import { withCommas } from '../../../terminal/with-commas.ts';
import { findingPage, placeOf } from '../../verify/show-report.ts';
import type { AuditReport, ReportCheckpoint } from '../report-model.ts';
import { foreign, html, Markup } from './markup.ts';
import { aspectTiles, meaningOf } from './verdict.ts';
import { count, factsOf, leftOut, tableOf } from './parts.ts';

const maxFindings = 50;

/** What verification says about the log, and on what that rests. */
export function integritySection(report: AuditReport): Markup {
  const { verification, checkpoints } = report;
  return html` <section aria-labelledby="integrity">
    <h2 id="integrity">Completeness and integrity statement</h2>
    <p>
      This is what <code>sallyport audit verify</code> says about the whole log, at the time of this report. The figures
      above are of the period that was asked for; this statement is of all records.
    </p>
    ${aspectTiles(verification)}
    <p>${meaningOf(report)}</p>
    ${unreadTable(report)} ${findingsTable(report)} ${streamsTable(verification.streams)}
    <h3>What is not in the records</h3>
    ${redactionText(report)}
    <h3>Checkpoints this rests on</h3>
    ${checkpoints.length === 0 ? html`<p class="strong-bad">None: nothing vouches for the content of this log.</p>` : checkpoints.map(checkpointOf)}
    <h3>What this statement can not show</h3>
    ${limitsOf(report)}
  </section>`;
}

/** What the figures are not of. */
function unreadTable({ unread }: AuditReport): Markup | undefined {
  if (unread.count === 0) return undefined;
  return tableOf({
    id: 'unread',
    caption: 'What could not be read for the figures, or is missing from them',
    columns: [{ title: 'File' }, { title: 'Line', number: true }, { title: 'What was seen' }, { title: 'Finding' }],
    rows: unread.first.map(({ file, line, problem, code }) => [
      foreign(file),
      html`${line === 0 ? '–' : withCommas(line)}`,
      foreign(problem),
      html`<code class="word">${code}</code>`,
    ]),
    empty: 'nothing.',
    note: leftOut({ more: unread.count - unread.first.length, ungrouped: 0 }, 'damaged lines'),
  });
}

function findingsTable({ verification }: AuditReport): Markup {
  const { findings, omittedFindings } = verification;
  const shown = findings.slice(0, maxFindings);
  return tableOf({
    id: 'findings',
    caption: 'What was refuted, could not be read, or is not confirmed',
    columns: [
      { title: 'Verdict' },
      { title: 'Aspect' },
      { title: 'Finding' },
      { title: 'What was seen' },
      { title: 'Next step' },
    ],
    rows: shown.map((finding) => [
      html`<b class="${finding.verdict}">${finding.verdict}</b>`,
      html`${finding.aspect}`,
      html`<a href="${findingPage(finding.code)}"><code class="word">${finding.code}</code></a>`,
      seen(finding),
      html`${finding.next}`,
    ]),
    empty: 'nothing.',
    note: leftOut({ more: findings.length - shown.length + omittedFindings, ungrouped: 0 }, 'findings'),
  });
}

function seen(finding: VerifyFinding): Markup {
  return foreign(`${placeOf(finding)}${finding.problem}`);
}

function streamsTable(streams: readonly VerifyStream[]): Markup {
  return tableOf({
    id: 'streams',
    caption: 'Streams: each is the log of one writer',
    columns: [
      { title: 'Stream' },
      { title: 'Records (seq)' },
      { title: 'Records', number: true },
      { title: 'Signed', number: true },
      { title: 'Missing', number: true },
      { title: 'Declared lost', number: true },
      { title: 'Allowed with outcome', number: true },
      { title: 'Closed' },
      { title: 'Verdicts' },
    ],
    rows: streams.map((stream) => [
      foreign(stream.stream),
      html`${stream.firstSeq === undefined ? '–' : `${stream.firstSeq}–${stream.lastSeq ?? ''}`}`,
      count(stream.records),
      count(stream.covered),
      count(stream.missing),
      count(stream.declaredLost),
      html`${withCommas(stream.allowsWithOutcome)}/${withCommas(stream.allows)}`,
      html`${stream.closed ? 'yes' : 'no'}`,
      html`${(['content', 'signer', 'time', 'completeness'] as const).map(
        (aspect) => html`<small>${aspect}</small> <b class="${stream[aspect]}">${stream[aspect]}</b><br />`,
      )}`,
    ]),
    empty: 'none.',
  });
}

function redactionText({ figures, verification }: AuditReport): Markup {
  const { levels, hiddenValues, shortenedValues, digestedLeaves } = figures.redaction;
  const byLevel = Object.entries(levels).map(([level, records]) => `${level} ${withCommas(records)}`);
  return html`<p>
      ${withCommas(verification.redactions)} records of the log declare that something was left out or hidden: arguments
      stand as keyed hashes, or with what is sensitive hidden. Tokens, secrets and session ids are in no record.
    </p>
    ${factsOf([
      ['By level', byLevel.length === 0 ? undefined : html`${byLevel.join(', ')} (of this period)`],
      ['Hidden', html`${withCommas(hiddenValues)} values by declaration, by name or for their look`],
      ['Shortened', html`${withCommas(shortenedValues)} values`],
      ['Digested', html`${withCommas(digestedLeaves)} values that only a common digest covers`],
    ])}`;
}

const results: Readonly<Record<ReportCheckpoint['result'], string>> = {
  matched: 'the records give its root',
  mismatched: 'the records do NOT give its root',
  unchecked: 'the records could not be put together that far',
};

function checkpointOf(checkpoint: ReportCheckpoint): Markup {
  const { stream, source, external, origin, size, root, result, signers, note } = checkpoint;
  return html`<h4>${foreign(stream)}: ${external ? 'held outside' : "the log's own, beside it"}</h4>
    ${factsOf([
      ['Origin', foreign(origin)],
      ['Size', html`${withCommas(size)} records`],
      ['Root', html`<code>${root}</code>`],
      ['Result', html`${results[result]}`],
      [
        'Signed by',
        html`${signers.length === 0 ? 'a key that is not known' : signers.map((key) => html`<code>${key}</code><br />`)}`,
      ],
      ['File', foreign(source)],
    ])}
    ${note === undefined ? html`<p class="note">The file holds a newer checkpoint by now: the log was being written.</p>` : html`<pre>${lines(note)}</pre>`} `;
}

/** Line feeds stay, whatever else is not printable is shown. */
function lines(text: string): Markup {
  const escaped = text.split('\n').map((line) => html`${line}`.text);
  return new Markup(escaped.join('\n'));
}

function limitsOf({ given, checkpoints, verification }: AuditReport): Markup {
  const outside = checkpoints.filter(({ external, result }) => external && result === 'matched');
  return html`<ul>
    <li>
      ${
        given.keys === 0
          ? 'No key was given: the keys beside the log could have been replaced together with it. Get the public key on another way, and give it with --key.'
          : 'The keys that were given are trusted because who made this report trusts them. How they were got is not a matter of this report.'
      }
    </li>
    <li>
      Whoever holds the signing key can write another log that verifies. Only a checkpoint that was held outside shows
      that nobody did.
      ${
        outside.length === 0
          ? 'None was given that matches: this remains outside of what is shown.'
          : `${outside.map(({ stream, size }) => `${stream}: shown for the first ${withCommas(size)} records`).join('; ')}. What follows them rests on the log's own checkpoints.`
      }
    </li>
    <li>
      ${given.witnesses === 0 ? 'No witness was asked for.' : `${withCommas(given.witnesses)} witnesses were asked for; findings above say which are missing.`}
    </li>
    <li>
      What a server did not send through the guard is in no log. What tools did is not recorded, only that they ran and
      how they ended.
    </li>
    <li>
      ${
        verification.aborted === 0
          ? 'Times are of the clock of the server.'
          : `${withCommas(verification.aborted)} calls ran when a process died: what they did is not known. Times are of the clock of the server.`
      }
    </li>
  </ul>`;
}
