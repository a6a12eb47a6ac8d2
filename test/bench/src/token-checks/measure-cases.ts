import type { Child } from '../processes/start-child.ts';
import type { CheckOrder, CheckResult } from './protocol.ts';
import { tokenCases, type SubjectName, type TokenCase } from './token-case.ts';

/** One subject of one case with all its rounds, or with why it does not count. */
export interface CheckMeasurement {
  readonly case: TokenCase['name'];
  readonly subject: SubjectName;
  readonly rounds: readonly { readonly calls: number; readonly cpuMicrosPerCall: number }[];
  readonly void?: string;
}

export interface MeasureCasesOptions {
  readonly checks: Pick<Child, 'ask'>;
  readonly rounds: number;
  readonly roundMs: number;
  onRound(round: number): void;
}

/**
 * Measures every subject of every case once in a round, and the rounds one after another; every second round goes
 * backwards. A first round does not count. Subjects that are compared stand next to each other.
 */
export async function measureCases(options: MeasureCasesOptions): Promise<CheckMeasurement[]> {
  const plan = tokenCases.flatMap(({ name, subjects }) =>
    subjects.map((subject) => ({ name, subject, rounds: [] as CheckMeasurement['rounds'][number][] })),
  );
  const voided = new Map<object, string>();
  for (let number = 0; number <= options.rounds; number += 1) {
    options.onRound(number);
    for (const item of number % 2 === 0 ? plan : plan.toReversed()) {
      if (voided.has(item)) continue;
      const order: CheckOrder = { name: item.name, subject: item.subject, durationMs: options.roundMs };
      const { calls, cpuMicros, wrong } = await options.checks.ask<CheckResult>(order);
      if (wrong !== undefined) voided.set(item, wrong);
      else if (number > 0) item.rounds.push({ calls, cpuMicrosPerCall: cpuMicros / calls });
    }
  }
  return plan.map((item) => {
    const reason = voided.get(item);
    const { name, subject, rounds } = item;
    return { case: name, subject, rounds, ...(reason === undefined ? {} : { void: reason }) };
  });
}
