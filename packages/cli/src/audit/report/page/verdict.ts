import type { VerifyReport, VerifyVerdict } from '@sallyport/audit';
import { standingOf, type AuditReport } from '../report-model.ts';
import { html, type Markup } from './markup.ts';

interface Headline {
  readonly verdict: VerifyVerdict;
  readonly headline: string;
  readonly meaning: string;
}

const headlines: Readonly<Record<VerifyReport['exitCode'], Headline>> = {
  0: {
    verdict: 'PASS',
    headline: 'The log is confirmed.',
    meaning: 'Its content, its signer, its times and its completeness were checked, and nothing remains open.',
  },
  1: {
    verdict: 'FAIL',
    headline: 'The log is refuted: do not rely on the figures of this report.',
    meaning:
      'Something was altered, removed, forged or is missing. The figures are of what could be read. Keep the files as they are, and explain the findings first.',
  },
  2: {
    verdict: 'UNCHECKED',
    headline: 'The log could not be read in full: the figures of this report are not all there is.',
    meaning: 'A part could not be looked at. The figures are of what could be read; the findings say what could not.',
  },
  3: {
    verdict: 'UNCONFIRMED',
    headline: 'Nothing speaks against the log, and not everything is confirmed.',
    meaning: 'The findings say what is not confirmed, and what would confirm it.',
  },
};

/** What the first page says about the log. */
export function verdictBanner(report: AuditReport): Markup {
  const { verdict, headline, meaning } = headlines[standingOf(report)];
  return html` <div class="verdict ${verdict}" role="note">
      <p class="headline">${headline}</p>
      <p>${meaning} <a href="#integrity">The statement at the end</a> says on what this rests.</p>
    </div>
    ${aspectTiles(report.verification)}`;
}

export function meaningOf(report: AuditReport): string {
  const { headline, meaning } = headlines[standingOf(report)];
  return `${headline} ${meaning}`;
}

const aspects = ['content', 'signer', 'time', 'completeness'] as const;
const questions: Readonly<Record<(typeof aspects)[number], string>> = {
  content: 'Content: are the lines those that were signed?',
  signer: 'Signer: who vouches for them?',
  time: 'Time: did the clock run forward?',
  completeness: 'Completeness: is all of it there?',
};

/** The four verdicts, which are judged apart. */
export function aspectTiles(verification: VerifyReport): Markup {
  return html`<ul class="tiles">
    ${aspects.map(
      (aspect) =>
        html`<li class="aspect ${verification[aspect]}">
          <b class="${verification[aspect]}">${verification[aspect]}</b><span>${questions[aspect]}</span>
        </li> `,
    )}
  </ul>`;
}
