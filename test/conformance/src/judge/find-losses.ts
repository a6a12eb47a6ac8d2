import { describeSeen, type Check, type CheckStatus, type ScenarioResult } from '../suite/scenario-result.ts';

const severity: Readonly<Record<CheckStatus, number>> = { INFO: 0, SUCCESS: 1, SKIPPED: 2, WARNING: 3, FAILURE: 4 };

/** Every check that passes on the bare server and not behind the guard, in any scenario, expected to fail or not. */
export function findLosses(bare: readonly ScenarioResult[], guarded: readonly ScenarioResult[]): string[] {
  const behindGuard = new Map(guarded.map(({ scenario, checks }) => [scenario, worstByCheck(checks)]));
  return bare.flatMap(({ scenario, checks }) =>
    [...worstByCheck(checks)].flatMap(([key, check]) => {
      if (check.status !== 'SUCCESS') return [];
      const other = behindGuard.get(scenario)?.get(key);
      if (other?.status === 'SUCCESS') return [];
      const message = other === undefined ? 'is missing' : `is ${other.status}: ${other.errorMessage ?? 'no message'}`;
      return [
        `${scenario} / ${check.id} (${check.name}) passes bare, behind the guard it ${message}${describeSeen(other)}`,
      ];
    }),
  );
}

/** A check can be made several times; the worst time counts. */
function worstByCheck(checks: readonly Check[]): Map<string, Check> {
  const worst = new Map<string, Check>();
  for (const check of checks) {
    const key = `${check.id}\n${check.name}`;
    const known = worst.get(key);
    if (known === undefined || severity[check.status] > severity[known.status]) worst.set(key, check);
  }
  return worst;
}
