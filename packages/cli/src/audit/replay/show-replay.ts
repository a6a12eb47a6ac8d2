import type { Output } from '../../terminal/output.ts';
import { renderTable, type TableCell, type TableColumn } from '../../terminal/render-table.ts';
import { withCommas } from '../../terminal/with-commas.ts';
import { missingWords } from './missing-words.ts';
import type { Change, ChangedCalls, ReplayTally } from './replay-tally.ts';

export interface ShowReplayOptions {
  /** Rows, at most; default 50 in the table, all of them as JSON. */
  readonly limit?: number | undefined;
}

const defaultRows = 50;

const columns: readonly TableColumn[] = [
  { title: 'CALLS' },
  { title: 'CHANGE' },
  { title: 'WHO', minWidth: 8 },
  { title: 'WHAT', minWidth: 12 },
  { title: 'RULE', minWidth: 12 },
  { title: 'REASON', minWidth: 12 },
  { title: 'FIRST CALL' },
];

const order: Readonly<Record<Change, number>> = { newly_denied: 0, newly_allowed: 1, unknown: 2 };
const changes: Readonly<Record<Change, TableCell>> = {
  newly_denied: { text: 'newly denied', tone: 'bad' },
  newly_allowed: { text: 'newly allowed', tone: 'warn' },
  unknown: { text: 'cannot be replayed', tone: 'faint' },
};

/** Shows what a replay came to: one line, the changed calls in groups, and what else there is to know. */
export async function showReplay(tally: ReplayTally, { limit }: ShowReplayOptions, output: Output): Promise<void> {
  const groups = [...tally.groups.values()].toSorted((a, b) => order[a.type] - order[b.type] || b.calls - a.calls);
  const shown = groups.slice(0, limit ?? (output.json ? groups.length : defaultRows));
  if (output.json) {
    await output.dataJson(summaryOf(tally));
    for (const group of shown) await output.dataJson(group);
    return;
  }
  await output.data(headOf(tally));
  const { style, width } = output;
  if (shown.length > 0) await output.data(`\n${renderTable(columns, shown.map(cellsOf), { style, width })}`);
  for (const text of notesOf(tally)) output.message(text);
  const left = groups.length - shown.length;
  if (left > 0) output.message(`${withCommas(left)} more rows are not shown: use --limit or --json`);
}

function headOf({ decisions, newlyDenied, newlyAllowed, unknown, missing }: ReplayTally): string {
  const reasons = [...missing].toSorted((a, b) => b[1] - a[1]);
  const told = reasons.map(([facts, calls]) => {
    const text = missingWords(facts.split(' '));
    return reasons.length === 1 ? text : `${text} ${withCommas(calls)}`;
  });
  return [
    `${withCommas(decisions)} ${decisions === 1 ? 'decision' : 'decisions'}: ${withCommas(newlyDenied)} newly denied`,
    `${withCommas(newlyAllowed)} newly allowed`,
    `${withCommas(unknown)} cannot be replayed${told.length === 0 ? '' : ` (${told.join(', ')})`}`,
  ].join(', ');
}

function notesOf(tally: ReplayTally): readonly string[] {
  const { decisions, unchanged, otherwise, samePolicy, apart, ungrouped } = tally;
  const { noPolicy, authFailures, refusals } = apart;
  const others = [
    ...(authFailures > 0 ? [`${withCommas(authFailures)} without a valid token`] : []),
    ...(refusals > 0 ? [`${withCommas(refusals)} refused before`] : []),
    ...(noPolicy > 0 ? [`${withCommas(noPolicy)} that no card decides`] : []),
  ];
  const kept = `${withCommas(unchanged)} with the same effect`;
  const by = otherwise === 0 ? '' : `, ${withCommas(otherwise)} of them with another reason, rule or other scopes`;
  const same = samePolicy === decisions ? 'all of them' : `${withCommas(samePolicy)} of them`;
  return [
    ...(decisions > 0 ? [kept + by] : []),
    ...(samePolicy > 0 ? [`the policy of this card is the one that decided ${same}`] : []),
    ...(others.length > 0 ? [`no decisions: ${others.join(', ')}`] : []),
    ...(ungrouped > 0 ? [`${withCommas(ungrouped)} more calls are in none of these rows`] : []),
  ];
}

function cellsOf(group: ChangedCalls): readonly TableCell[] {
  const { type, calls, subject, method, target, oldRule, newRule = oldRule, firstCall } = group;
  const what = [method === 'tools/call' ? undefined : method, target].filter((part) => part !== undefined).join(' ');
  return [
    withCommas(calls),
    changes[type],
    subject ?? '',
    what,
    oldRule === newRule ? newRule : `${oldRule} → ${newRule}`,
    whyOf(group),
    firstCall.slice(0, 8),
  ];
}

function whyOf({ type, missing, reason = '', missingScopes, condition }: ChangedCalls): string {
  if (missing !== undefined) return missingWords(missing);
  if (condition !== undefined) return `${reason}: ${condition}`;
  const why = missingScopes === undefined ? reason : `${reason}: ${missingScopes.join(' ')}`;
  return type === 'newly_allowed' ? `was ${why}` : why;
}

function summaryOf({ groups: _groups, missing, ...counts }: ReplayTally): object {
  return {
    type: 'summary',
    ...counts,
    missing: [...missing].map(([facts, calls]) => ({ facts: facts.split(' '), calls })),
  };
}
