import { startChild, type Child } from '../processes/start-child.ts';
import { policyCases, policySpans, type PolicyCase, type PolicySpan } from './policy-case.ts';
import type { DecideOrder, DecideResult, DecidersReady, ListName, ListOrder, ListResult } from './protocol.ts';

/** What one thing costs in all its rounds, or why it does not count. */
export interface PolicyMeasurement {
  readonly rounds: readonly { readonly calls: number; readonly cpuMicrosPerCall: number }[];
  readonly void?: string;
}

/** One case with one number of tools. */
export interface DecideMeasurement extends PolicyMeasurement {
  readonly case: PolicyCase['name'];
  readonly span: PolicySpan;
}

export interface ListMeasurement extends PolicyMeasurement {
  readonly list: ListName;
}

export interface PolicyChecks {
  readonly decisions: readonly DecideMeasurement[];
  readonly lists: readonly ListMeasurement[];
}

export interface RunPolicyChecksOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** What starts a program on the core of the decisions. */
  readonly pinning: readonly string[];
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

/** What it costs to decide and to filter a list, without a server around it. */
export async function runPolicyChecks(options: RunPolicyChecksOptions): Promise<PolicyChecks> {
  const children = new Map<PolicySpan | undefined, Child>();
  try {
    for (const span of [...policySpans, undefined]) {
      const args = span === undefined ? [] : [JSON.stringify(span)];
      const child = startChild('../policy/main.js', args, options.pinning, ['--expose-gc']);
      children.set(span, child);
      await child.next<DecidersReady>();
    }
    return await measurePolicy((span) => children.get(span), options);
  } finally {
    for (const child of children.values()) await child.stop();
  }
}

/** The process that decides with a number of tools; with none, the one that lists. */
export type ProcessFor = (span: PolicySpan | undefined) => Pick<Child, 'ask'> | undefined;

/**
 * Measures everything once in a round, and the rounds one after another; every second round goes backwards. A first round does not
 * count.
 */
export async function measurePolicy(
  processFor: ProcessFor,
  { rounds, roundMs, say }: Pick<RunPolicyChecksOptions, 'rounds' | 'roundMs' | 'say'>,
): Promise<PolicyChecks> {
  const decisions = policyCases.flatMap(({ name }) =>
    policySpans.map((span) => ({ case: name, span, rounds: [] as Round[], void: undefined as string | undefined })),
  );
  const lists = (['served', 'filtered'] as const).map((list) => ({
    list,
    rounds: [] as Round[],
    void: undefined as string | undefined,
  }));
  const lister = processFor(undefined);
  for (let number = 0; number <= rounds; number += 1) {
    say(number === 0 ? 'policy: warming up' : `policy: round ${number} of ${rounds}`);
    for (const item of number % 2 === 0 ? decisions : decisions.toReversed()) {
      if (item.void !== undefined) continue;
      const order: DecideOrder = { name: item.case, durationMs: roundMs };
      note(item, number, await processFor(item.span)?.ask<DecideResult>(order));
    }
    const order: ListOrder = { lists: true, durationMs: 2 * roundMs };
    const served = await lister?.ask<ListResult>(order);
    for (const item of lists) if (item.void === undefined) note(item, number, served?.[item.list]);
  }
  return { decisions: decisions.map(measured), lists: lists.map(measured) };
}

type Round = PolicyMeasurement['rounds'][number];

function note(item: { rounds: Round[]; void: string | undefined }, number: number, result?: DecideResult): void {
  if (result === undefined) throw new Error('a process is missing');
  const { calls, cpuMicros, wrong } = result;
  if (wrong !== undefined) item.void = wrong;
  else if (number > 0) item.rounds.push({ calls, cpuMicrosPerCall: cpuMicros / calls });
}

function measured<Item extends { void: string | undefined }>({
  void: reason,
  ...item
}: Item): Omit<Item, 'void'> & {
  readonly void?: string;
} {
  return { ...item, ...(reason === undefined ? {} : { void: reason }) };
}
