import { inspectCard, type Card, type CardRemark } from '@sallyport/card';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { renderTable, type TableCell } from '../terminal/render-table.ts';
import { findSuspicious, type CardFinding } from './find-suspicious.ts';
import { policyTargets, type PolicyTarget } from './policy-targets.ts';
import { showMistakes } from './show-mistakes.ts';

/**
 * Checks a card and shows its policy. Resolves to the exit code.
 *
 * @throws SetupError when the file itself can not be read.
 */
export async function lintCard(file: string, output: Output): Promise<number> {
  const report = await inspectCard(file);
  const { card, warnings } = report;
  if (card === undefined) {
    await showMistakes(report, output);
    return 1;
  }
  const findings = [...warnings.map(toFinding), ...findSuspicious(card)];
  await (output.json ? output.dataJson(cardJson(card, findings)) : showCard(card, findings, output));
  return 0;
}

function toFinding({ finding, pointer, problem, remedy, position }: CardRemark): CardFinding {
  return { finding, rule: pointer, problem, remedy, ...(position !== undefined && { position }) };
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
  const found = findings.map(({ finding, rule, problem, remedy, position }) => {
    const place = position === undefined ? '' : `line ${position.line}: `;
    const what = printable(`${place}${rule === '' ? problem : `${rule}: ${problem}`}`);
    return `${style('warn', 'WARN')}  ${finding}  ${what}\n      ${remedy}`;
  });
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
    condition.join(', '),
    audit.join(', '),
  ];
}

function needs({ scopes, anyOf, groups, roles }: PolicyTarget['rule']): TableCell {
  const parts = [
    scopes.join(' '),
    anyOf.map((list) => list.join(' ')).join(' or '),
    groups.length === 0 ? '' : `group ${groups.join(' or ')}`,
    roles.length === 0 ? '' : `role ${roles.join(' or ')}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? { text: 'any valid token', tone: 'warn' } : parts.join(', and ');
}
