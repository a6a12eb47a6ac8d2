import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Exposition } from './exposition.ts';

/** Labels that a scraper sets. */
const scraped = ['job', 'instance'];

/**
 * What is wrong with a query, seen from what a server tells: its syntax, a metric that is not there, a label that the metric has not, a
 * value that the label never has. Names of recording rules are given, with what they are made of.
 */
export function queryProblems(
  query: string,
  told: Exposition,
  recorded: ReadonlyMap<string, string> = new Map(),
): string[] {
  const problems: string[] = [];
  const labels = new Set(scraped);
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to);
  const tree = parser.parse(query);
  const nodes: SyntaxNode[] = [];
  tree.iterate({ enter: ({ node }) => void nodes.push(node) });
  for (const node of nodes) {
    if (node.type.isError) problems.push(`no PromQL at ${node.from}: ${query}`);
    if (node.name === 'VectorSelector') problems.push(...selectorProblems(node, text, told, recorded, labels));
  }
  for (const node of nodes) {
    if (node.name !== 'GroupingLabels') continue;
    for (const name of node.getChildren('LabelName')) {
      if (!labels.has(text(name))) problems.push(`no metric of the query has the label ${text(name)}: ${query}`);
    }
  }
  return problems;
}

function selectorProblems(
  selector: SyntaxNode,
  text: (node: SyntaxNode) => string,
  told: Exposition,
  recorded: ReadonlyMap<string, string>,
  labels: Set<string>,
): string[] {
  const identifier = selector.getChild('Identifier');
  const name = identifier === null ? '' : text(identifier);
  const known = recorded.has(name) ? recordedLabels(recorded.get(name) ?? '', told) : told.get(name);
  if (known === undefined) return [`no metric has the name ${name}`];
  for (const label of known.keys()) labels.add(label);
  const problems: string[] = [];
  for (const matcher of selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []) {
    const label = matcher.getChild('LabelName');
    const value = matcher.getChild('StringLiteral');
    const op = matcher.getChild('MatchOp');
    if (label === null || value === null || op === null) continue;
    const values = known.get(text(label));
    if (scraped.includes(text(label))) continue;
    if (values === undefined) problems.push(`${name} has no label ${text(label)}`);
    else if (!matches(text(op), JSON.parse(text(value)) as string, values))
      problems.push(`${name} has no ${text(label)} ${text(op)} ${text(value)}`);
  }
  return problems;
}

function matches(op: string, wanted: string, values: ReadonlySet<string>): boolean {
  if (op === '=') return values.has(wanted);
  if (op === '=~') return [...values].some((value) => new RegExp(`^(?:${wanted})$`).test(value));
  return true;
}

/** A recorded series has the labels it is grouped by. */
function recordedLabels(query: string, told: Exposition): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  const grouped = /by \(([^)]*)\)/.exec(query)?.[1]?.split(',') ?? [];
  for (const label of grouped.map((one) => one.trim())) {
    const values = [...told.values()].flatMap((known) => [...(known.get(label) ?? [])]);
    if (label !== 'le') found.set(label, new Set(values));
  }
  return found;
}
