import { describeSeen, isFailed, type ScenarioResult } from '../suite/scenario-result.ts';

/**
 * Compares results with the expected failures: a failed scenario must be listed, a listed one must fail.
 *
 * The suite does this too, but leaves out the scenarios that its requirement set does not score.
 */
export function findUnexpected(results: readonly ScenarioResult[], expected: ReadonlySet<string>): string[] {
  return results.flatMap(({ scenario, checks }) => {
    const failed = checks.filter(isFailed);
    if (!expected.has(scenario)) {
      return failed.map(
        (check) => `${scenario} / ${check.id}: ${check.errorMessage ?? check.status}${describeSeen(check)}`,
      );
    }
    return failed.length > 0
      ? []
      : [`${scenario}: is expected to fail and passes; remove it from expected-failures.yaml`];
  });
}
