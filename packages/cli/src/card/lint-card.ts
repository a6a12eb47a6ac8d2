import { loadCard, type Card } from '@sallyport/card';
import { SetupError } from '@sallyport/core';
import { isUnreadableFile } from '../terminal/is-unreadable-file.ts';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { describeProblem, problemOf } from '../terminal/problem.ts';
import { renderTable, type TableCell } from '../terminal/render-table.ts';
import { findSuspicious, type CardFinding } from './find-suspicious.ts';
import { policyTargets, type PolicyTarget } from './policy-targets.ts';

/**
 * Checks a card and shows its policy. Resolves to the exit code.
 *
 * @throws SetupError when the file itself can not be read.
 */
export async function lintCard(file: string, output: Output): Promise<number> {
  try {
    const card = await loadCard(file);
    const findings = findSuspicious(card);
    await (output.json ? output.dataJson(cardJson(card, findings)) : showCard(card, findings, output));
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError) || isUnreadableFile(error)) throw error;
    const problem = problemOf(error);
    await (output.json
      ? output.dataJson({ ok: false, error: problem })
      : output.data(describeProblem(problem, 'FAIL', output.style)));
    return 1;
  }
}

function cardJson(card: Card, findings: readonly CardFinding[]): unknown {
  return {
    ok: true,
    file: card.file,
    name: card.name,
    version: card.version,
    policy: card.policy,
    scopes: [...card.access.scopes].map(([name, scope]) => ({ name, ...scope })),
    targets: policyTargets(card).map(({ kind, name, rule }) => ({ kind, name, ...rule })),
    findings,
  };
}

async function showCard(card: Card, findings: readonly CardFinding[], output: Output): Promise<void> {
  const { style } = output;
  const head = `${style('good', 'PASS')}  ${printable(`${card.name} ${card.version}`)}  ${card.policy}`;
  const tables = [
    ...(findings.some(({ finding }) => finding === 'nothing-declared') ? [] : [targetTable(card, output)]),
    ...(card.access.scopes.size > 0 ? [scopeTable(card, output)] : []),
  ];
  const found = findings.map(
    ({ finding, rule, problem, remedy }) =>
      `${style('warn', 'WARN')}  ${finding}  ${printable(rule === '' ? problem : `${rule}: ${problem}`)}\n      ${remedy}`,
  );
  await output.data([head, ...tables, ...(found.length > 0 ? [found.join('\n')] : [])].join('\n\n'));
}

function targetTable(card: Card, { style, width }: Output): string {
  const columns = [
    { title: 'TARGET' },
    { title: 'NEEDS', minWidth: 12 },
    { title: 'DISCLOSURE' },
    { title: 'CONDITION', minWidth: 12 },
    { title: 'AUDIT', minWidth: 8 },
  ];
  return renderTable(columns, policyTargets(card).map(targetRow), { style, width });
}

function scopeTable(card: Card, { style, width }: Output): string {
  const columns = [{ title: 'SCOPE' }, { title: 'IMPLIES', minWidth: 12 }, { title: 'DESCRIPTION', minWidth: 12 }];
  const rows = [...card.access.scopes].map(([name, scope]) => [name, scope.implies.join(' '), scope.description ?? '']);
  return renderTable(columns, rows, { style, width });
}

function targetRow({ kind, name, rule }: PolicyTarget): readonly TableCell[] {
  const condition = [
    ...(rule.when === undefined ? [] : [rule.when]),
    ...(rule.stepUp.length > 0 ? [`step-up ${rule.stepUp.join(' ')}`] : []),
  ];
  const audit = [
    ...(rule.sensitive.length > 0 ? [`sensitive ${rule.sensitive.join(' ')}`] : []),
    ...(rule.audit.level === undefined ? [] : [`level ${rule.audit.level}`]),
    ...(rule.audit.mode === undefined ? [] : [`mode ${rule.audit.mode}`]),
  ];
  return [
    `${kind} ${name}`,
    needs(rule),
    rule.disclosure === 'hide' ? { text: 'hide', tone: 'warn' } : rule.disclosure,
    rule.when === undefined ? condition.join(', ') : { text: condition.join(', '), tone: 'warn' },
    audit.join(', '),
  ];
}

function needs({ scopes, anyOf }: PolicyTarget['rule']): TableCell {
  const alternatives = anyOf.map((list) => list.join(' ')).join(' or ');
  if (scopes.length === 0 && alternatives === '') return { text: 'any valid token', tone: 'warn' };
  if (alternatives === '') return scopes.join(' ');
  return scopes.length === 0 ? alternatives : `${scopes.join(' ')}, and ${alternatives}`;
}
