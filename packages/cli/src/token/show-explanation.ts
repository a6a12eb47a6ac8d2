import type { SallyportConfig } from '@sallyport/config';
import { errorPage, reasons } from '@sallyport/core';
import type { ExplainedStep, TokenExplanation } from '@sallyport/token';
import { stepAdvice } from '../doctor/advice/step-advice.ts';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { renderTable, type TableCell } from '../terminal/render-table.ts';

/** Writes an explanation: the verdict, a row for every check, and what to do about each that failed. */
export async function showExplanation(
  explanation: TokenExplanation,
  config: SallyportConfig,
  output: Output,
): Promise<void> {
  if (output.json) {
    await output.dataJson(jsonOf(explanation, config));
    return;
  }
  const { style, width } = output;
  const rows = explanation.steps.map((step): TableCell[] => [statusCell(step), step.name, step.seen, wantOf(step)]);
  const titles = [
    { title: 'status' },
    { title: 'check' },
    { title: 'token has', minWidth: 16 },
    { title: 'server asks for', minWidth: 24 },
  ];
  const parts = [verdictLine(explanation, output), '', renderTable(titles, rows, { style, width })];
  const who = principalRows(explanation);
  if (who.length > 0) parts.push('', renderTable([{ title: 'field' }, { title: 'value' }], who, { style, bare: true }));
  for (const step of explanation.steps.filter(({ status }) => status === 'fail')) {
    const { note, remedy } = stepAdvice(step, explanation, config);
    parts.push(
      '',
      `${style('bad', step.name)}  ${printable([step.problem, note].filter(Boolean).join('; '))}`,
      `    ${printable(remedy)}`,
    );
    if (step.reason !== undefined) parts.push(`    ${style('faint', errorPage(reasons[step.reason].code))}`);
  }
  await output.data(parts.join('\n'));
  for (const warning of explanation.warnings) output.message(warnings[warning]);
}

const warnings: Readonly<Record<TokenExplanation['warnings'][number], string>> = {
  aud_multi: 'aud names other resources too; strictAudience would refuse it',
  jti_missing: 'the token has no id of its own: it can not be revoked alone',
  groups_elsewhere: 'the issuer left the groups out because there are too many: they count as none',
  long_lived: 'the token lives longer than revocations are kept',
};

function verdictLine({ verdict, reason, problem }: TokenExplanation, { style }: Output): string {
  if (verdict === 'accepted') return style('good', 'accepted');
  const code = reason === undefined ? '' : `  ${reasons[reason].code}`;
  return `${style(verdict === 'refused' ? 'bad' : 'warn', verdict)}${code}  ${printable(problem ?? '')}`;
}

function statusCell({ status }: ExplainedStep): TableCell {
  if (status === 'skip') return { text: 'SKIP', tone: 'faint' };
  return status === 'pass' ? { text: 'PASS', tone: 'good' } : { text: 'FAIL', tone: 'bad' };
}

function wantOf({ status, expected, problem }: ExplainedStep): string {
  return status === 'skip' && problem !== undefined ? problem : expected;
}

function principalRows({ principal }: TokenExplanation): [string, string][] {
  if (principal === undefined) return [];
  const list = (values: readonly string[]): string => values.join(' ') || 'none';
  return [
    ['subject', principal.subject],
    ['client', principal.clientId ?? 'none'],
    ['scopes', list(principal.scopes)],
    ['tenant', principal.tenant ?? 'none'],
    ['groups', list(principal.groups)],
    ['roles', list(principal.roles)],
  ];
}

function jsonOf(explanation: TokenExplanation, config: SallyportConfig): object {
  const { verdict, kind, profile, reason, problem, principal, steps } = explanation;
  return {
    ok: verdict === 'accepted',
    verdict,
    kind,
    ...(profile !== undefined && { profile }),
    ...(reason !== undefined && { code: reasons[reason].code, doc: errorPage(reasons[reason].code), reason, problem }),
    ...(principal !== undefined && { principal }),
    warnings: explanation.warnings,
    checks: steps.map((step) => {
      const failed = step.status === 'fail';
      const { note, remedy } = failed ? stepAdvice(step, explanation, config) : {};
      return {
        check: step.name,
        status: step.status,
        seen: step.seen,
        expected: step.expected,
        ...(step.problem !== undefined && { problem: step.problem }),
        ...(step.reason !== undefined && {
          code: reasons[step.reason].code,
          doc: errorPage(reasons[step.reason].code),
        }),
        ...(note !== undefined && { note }),
        ...(remedy !== undefined && { remedy }),
      };
    }),
  };
}
