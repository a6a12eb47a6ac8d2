import { isFailed, type ScenarioResult } from '../suite/scenario-result.ts';

/** A table of one requirement set: what passed bare and behind the guard, scenario by scenario. */
export function formatTable(
  revision: string,
  bare: readonly ScenarioResult[],
  guarded: readonly ScenarioResult[],
  expected: ReadonlySet<string>,
): string {
  const names = [...new Set([...bare, ...guarded].map(({ scenario }) => scenario))].sort();
  const rows = names.map((name) => {
    const note = expected.has(name) ? 'expected to fail' : '';
    return [name, summary(bare, name), summary(guarded, name), note];
  });
  const passed = (results: readonly ScenarioResult[]): string =>
    `${results.filter(({ checks }) => !checks.some(isFailed)).length}/${results.length}`;
  const lines = [
    [revision, 'bare', 'guarded', ''],
    ...rows,
    ['scenarios without a failure', passed(bare), passed(guarded), ''],
  ];

  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Such as `12/14`: checks that passed, of those that gave a verdict. */
function summary(results: readonly ScenarioResult[], name: string): string {
  const checks = results.find(({ scenario }) => scenario === name)?.checks;
  if (checks === undefined) return 'not run';
  const passed = checks.filter((check) => check.status === 'SUCCESS').length;
  const failed = checks.filter(isFailed).length;
  return passed + failed === 0 ? 'skipped' : `${passed}/${passed + failed}${failed > 0 ? ' FAIL' : ''}`;
}
