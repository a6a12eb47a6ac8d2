import type { Explanation, ExplanationStep } from '@sallyport/card';
import { errorPage, reasons, type Principal } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { renderTable, type TableCell } from '../terminal/render-table.ts';

/** Writes a decision: yes or no and the rule, then a row for every check. */
export async function showDecision(explanation: Explanation, caller: Principal, output: Output): Promise<void> {
  const { decision, summary, steps } = explanation;
  const allowed = decision.effect === 'allow';
  const code = decision.reason === undefined ? undefined : reasons[decision.reason].code;
  if (output.json) {
    const { subject, scopes, groups, roles, tenant } = caller;
    await output.dataJson({
      allowed,
      rule: decision.rule,
      summary,
      ...(code !== undefined && { code, doc: errorPage(code), reason: decision.reason }),
      requiredScopes: decision.requiredScopes,
      missingScopes: decision.missingScopes,
      steps,
      caller: { subject, scopes, groups, roles, tenant },
    });
    return;
  }
  const { style, width } = output;
  const rule = printable(`rule ${decision.rule}`);
  const head = allowed
    ? `${style('good', 'yes')} - ${rule}`
    : `${style('bad', 'no')} - ${printable(summary)}   ${rule}`;
  const columns = [{ title: 'CHECK' }, { title: 'RULE' }, { title: 'OUTCOME' }, { title: 'DETAIL', minWidth: 16 }];
  const rows = steps.map((step): TableCell[] => [step.check, step.rule, outcomeCell(step), step.detail]);
  const parts = [head, '', renderTable(columns, rows, { style, width })];
  if (code !== undefined) parts.push('', `${code}  ${style('faint', errorPage(code))}`);
  await output.data(parts.join('\n'));
}

function outcomeCell({ outcome }: ExplanationStep): TableCell {
  if (outcome === 'skipped') return { text: outcome, tone: 'faint' };
  return { text: outcome, tone: outcome === 'pass' ? 'good' : 'bad' };
}
